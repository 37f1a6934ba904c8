package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScraperTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up 1|up{job=\"api\"} 1",
                "x_total{a=\"b\"} 2.5|x_total{job=\"api\",a=\"b\"} 2.5",
                "x{a=\"b\",} NaN|x{job=\"api\",a=\"b\"} NaN",
                "x{path=\"/{id}\"} 3 123456|x{job=\"api\",path=\"/{id}\"} 3",
                "x{} 4|x{job=\"api\"} 4",
            })
    void aSampleGetsItsJobAndLosesItsTime(String sample, String written) {
        assertThat(Scraper.Sample.of(sample, "api"))
                .hasToString("Sample[series=%s, value=%s]".formatted((Object[]) written.split(" ")));
    }

    @Test
    void aLaterRestartGoesOnWithTheFileAndCutsTheHalfLineOfAKilledOne(@TempDir Path directory) throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            var page = "# TYPE x_total counter\nx_total 1\n".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        var jobs = Map.of(
                "api", URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/metrics"));
        var file = directory.resolve("metrics.om");
        try {
            scrapeOnce(file, jobs, 1);
            scrapeOnce(file, jobs, 2);
            Files.writeString(file, Files.readString(file).replace("# EOF\n", "x_total{job=\"api\"} 9 1"));
            scrapeOnce(file, jobs, 3);
        } finally {
            server.stop(0);
        }
        assertThat(Files.readAllLines(file)).endsWith("# EOF").containsOnlyOnce("# EOF", "# TYPE x counter");
        assertThat(Files.readAllLines(file))
                .filteredOn(line -> line.startsWith("x_total"))
                .hasSize(3)
                .allMatch(line -> line.startsWith("x_total{job=\"api\"} 1 "));
    }

    private static void scrapeOnce(Path file, Map<String, URI> jobs, int samples) throws Exception {
        try (var scraper = Scraper.start(file, jobs)) {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (scraper.samples() < 1) {
                assertThat(System.nanoTime()).as("a first scrape").isLessThan(until);
                Thread.sleep(20);
            }
        }
        assertThat(Files.readString(file).split("x_total\\{", -1)).hasSize(samples + 1);
    }
}
