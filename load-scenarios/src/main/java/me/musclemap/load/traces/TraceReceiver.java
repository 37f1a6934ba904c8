package me.musclemap.load.traces;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import me.musclemap.load.record.Lines;
import org.jspecify.annotations.Nullable;

/**
 * An OTLP/HTTP receiver on the loopback address: of the spans that services send it keeps the slowest traces and the failed
 * ones in {@code traces.ndjson}, one trace a line, as OTLP/JSON. Thread-safe.
 */
public final class TraceReceiver implements AutoCloseable {
    private static final int MOST_BYTES = 16 << 20;

    private final Path file;
    private final HttpServer server;
    private final BufferedWriter out;
    private final TraceKeeper keeper = new TraceKeeper(this::write);
    private @Nullable IOException failure;
    private boolean closed;

    private TraceReceiver(Path file) throws IOException {
        this.file = file;
        Lines.cutHalfLine(file);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        server.createContext("/v1/traces", this::receive);
    }

    /**
     * Starts to receive; goes on with the file of an earlier restart of the same run.
     *
     * @throws IOException if the file cannot be written
     */
    public static TraceReceiver start(Path file) throws IOException {
        var receiver = new TraceReceiver(file);
        receiver.server.start();
        return receiver;
    }

    /** Where services send their spans to. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            var gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            try (var body = gzip ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
                take(ExportTraceServiceRequest.parseFrom(bounded(body)));
                exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
                exchange.sendResponseHeaders(200, -1);
            } catch (InvalidProtocolBufferException e) {
                exchange.sendResponseHeaders(400, -1);
            }
        }
    }

    private static byte[] bounded(InputStream body) throws IOException {
        var bytes = body.readNBytes(MOST_BYTES);
        if (bytes.length == MOST_BYTES) {
            throw new InvalidProtocolBufferException("more than " + MOST_BYTES + " bytes");
        }
        return bytes;
    }

    private synchronized void take(ExportTraceServiceRequest request) {
        for (var ofService : request.getResourceSpansList()) {
            for (var scoped : ofService.getScopeSpansList()) {
                scoped.getSpansList().forEach(span -> keeper.take(ofService.getResource(), span));
            }
        }
        try {
            out.flush();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
    }

    private void write(String line) {
        if (failure != null) {
            return;
        }
        try {
            out.write(line);
            out.write('\n');
        } catch (IOException e) {
            failure = e;
        }
    }

    /**
     * Writes what was kept and ends.
     *
     * @throws IOException if the disk did not take all of it
     */
    @Override
    public void close() throws IOException {
        server.stop(0);
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            keeper.flush();
            try (out) {
                if (failure != null) {
                    throw failure;
                }
            } catch (IOException e) {
                throw new IOException(file + ": cannot be written: " + e.getMessage(), e);
            }
        }
    }
}
