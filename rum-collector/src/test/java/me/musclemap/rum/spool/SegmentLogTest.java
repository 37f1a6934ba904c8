package me.musclemap.rum.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentLogTest {
    @TempDir
    private Path directory = Path.of(".");

    @Test
    void whatWasAcknowledgedIsReadAgainInOrder() throws Exception {
        List<String> records = records(500);
        try (var log = open(directory, new ArrayList<>())) {
            appendAll(log, records);
        }

        assertThat(read(directory)).isEqualTo(records);
    }

    @Test
    void aTornLastRecordIsLeftOutAtEveryByteAndNothingElseIs() throws Exception {
        List<String> records = records(5);
        try (var log = open(directory, new ArrayList<>())) {
            appendAll(log, records);
        }
        Path segment = Segment.list(directory).get(0);
        byte[] whole = Files.readAllBytes(segment);
        int lastRecord = 8 + records.get(4).length();

        for (int cut = 1; cut <= lastRecord; cut++) {
            Path torn = Files.createDirectory(directory.resolve("torn-" + cut));
            Files.write(torn.resolve(segment.getFileName()), java.util.Arrays.copyOf(whole, whole.length - cut));
            var seen = new ArrayList<String>();
            try (var log = open(torn, seen)) {
                assertThat(seen).as("cut by %s", cut).isEqualTo(records.subList(0, 4));
                assertThat(log.tornBytes()).isEqualTo(lastRecord - cut);
                appendAll(log, List.of("after the tear"));
            }
            assertThat(read(torn)).hasSize(5).endsWith("after the tear");
        }
    }

    @Test
    void aRecordWithAChangedByteIsNotRead() throws Exception {
        List<String> records = records(3);
        try (var log = open(directory, new ArrayList<>())) {
            appendAll(log, records);
        }
        Path segment = Segment.list(directory).get(0);
        byte[] whole = Files.readAllBytes(segment);
        int lastRecord = 8 + records.get(2).length();

        for (int back = 1; back <= lastRecord; back++) {
            byte[] changed = whole.clone();
            changed[changed.length - back] ^= 0x40;
            Path spoilt = Files.createDirectory(directory.resolve("spoilt-" + back));
            Files.write(spoilt.resolve(segment.getFileName()), changed);

            assertThat(read(spoilt)).as("byte %s from the end", back).isEqualTo(records.subList(0, 2));
        }
    }

    @Test
    void manyThreadsShareOneSyncAndEachIsAnsweredInTheLogsOrder() throws Exception {
        var order = new ArrayList<String>();
        try (var log = open(directory, new ArrayList<>())) {
            var threads = IntStream.range(0, 8)
                    .mapToObj(thread -> new Thread(() -> {
                        for (int i = 0; i < 200; i++) {
                            String record = thread + "/" + i;
                            log.append(bytes(record), () -> order.add(record)).join();
                        }
                    }))
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        }

        assertThat(order).hasSize(1600).doesNotHaveDuplicates();
        assertThat(read(directory)).isEqualTo(order);
    }

    @Test
    void answersOfRecordsThatWereWrittenTogetherComeInOneTask() throws Exception {
        var tasks = new AtomicInteger();
        var executor = Executors.newSingleThreadExecutor();
        try (var log = open(directory, new ArrayList<>())) {
            log.acknowledgeOn(task -> {
                tasks.incrementAndGet();
                executor.execute(task);
            });
            var threads = new HashSet<String>();
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < 50; i++) {
                all.add(log.append(bytes("record " + i), () -> "written")
                        .thenAccept(answer -> threads.add(Thread.currentThread().getName())));
            }
            for (Future<?> one : all) {
                one.get();
            }
            assertThat(tasks.get()).isLessThan(25);
            assertThat(threads).doesNotContain("spool");

            executor.shutdown();
            assertThat(log.append(bytes("after the executor's end"), () -> "written too")
                            .get())
                    .isEqualTo("written too");
        }
    }

    @Test
    void theOldestSegmentsGoWhenTheLogIsFull() throws Exception {
        try (var log = SegmentLog.open(directory, 1000, 5000, record -> {}, nanos -> {})) {
            List<String> records = records(2000);
            for (int i = 0; i < records.size(); i += 10) {
                appendAll(log, records.subList(i, i + 10));
            }
            assertThat(log.totalBytes()).isLessThan(7000);
        }

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(7000);
        }
        assertThat(read(directory)).isNotEmpty().endsWith(records(2000).get(1999));
    }

    @Test
    void aDirectoryServesOneCollectorAtATime() throws Exception {
        try (var log = open(directory, new ArrayList<>())) {
            assertThat(log.records()).isZero();
            assertThatThrownBy(() -> open(directory, new ArrayList<>()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another collector");
        }
    }

    @Test
    void aClosedLogRefusesRecords() throws Exception {
        var log = open(directory, new ArrayList<>());
        log.close();

        assertThatThrownBy(() -> log.append(bytes("late"), () -> 1).get())
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("the log is closed");
    }

    private static SegmentLog open(Path directory, List<String> seen) throws IOException {
        return SegmentLog.open(
                directory,
                1 << 20,
                1 << 30,
                record -> seen.add(new String(record, StandardCharsets.UTF_8)),
                nanos -> assertThat(nanos).isPositive());
    }

    private static List<String> read(Path directory) throws IOException {
        var seen = new ArrayList<String>();
        open(directory, seen).close();
        return seen;
    }

    private static void appendAll(SegmentLog log, List<String> records) throws Exception {
        var answers = new ArrayList<Future<String>>();
        for (String record : records) {
            answers.add(log.append(bytes(record), () -> record));
        }
        for (int i = 0; i < records.size(); i++) {
            assertThat(answers.get(i).get()).isEqualTo(records.get(i));
        }
    }

    private static List<String> records(int count) {
        return IntStream.range(0, count).mapToObj(i -> "record number " + i).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
