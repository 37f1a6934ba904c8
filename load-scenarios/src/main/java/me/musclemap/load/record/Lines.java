package me.musclemap.load.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files of lines that a later part of the same run goes on with. */
public final class Lines {
    private static final int LOOK_BACK = 1 << 20;

    private Lines() {}

    /**
     * Cuts off what a killed writer left after the last line that is whole.
     *
     * @return whether anything is there to go on with
     * @throws IOException when the file cannot be read or written
     */
    public static boolean cutHalfLine(Path file) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            int length = (int) Math.min(size, LOOK_BACK);
            var end = ByteBuffer.allocate(length);
            while (end.hasRemaining() && channel.read(end, size - length + end.position()) >= 0) {
                continue;
            }
            int whole = end.position();
            while (whole > 0 && end.get(whole - 1) != '\n') {
                whole--;
            }
            long kept = size - length + whole;
            if (kept < size) {
                channel.truncate(kept);
            }
            return kept > 0;
        }
    }
}
