package me.musclemap.telemetry.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.List;
import me.musclemap.telemetry.scrub.Scrubber;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashFieldNames;
import net.logstash.logback.mask.MaskingJsonGeneratorDecorator;
import org.slf4j.LoggerFactory;

/**
 * Log lines as JSON on standard error, each with the ids of the current trace, scrubbed. A line is written before the
 * call returns, so none is lost when the process ends.
 */
public final class JsonLogging implements AutoCloseable {
    /** Libraries whose INFO lines say nothing that a person on call wants. */
    private static final List<String> CHATTY = List.of("org.eclipse.jetty", "io.javalin");

    private final LoggerContext context;

    private JsonLogging(LoggerContext context) {
        this.context = context;
    }

    /** Takes over the process's logging: lines from {@code level} on go to standard error. */
    public static JsonLogging start(String serviceName, String serviceVersion, String level, Scrubber scrubber) {
        return start(new FileOutputStream(FileDescriptor.err), serviceName, serviceVersion, level, scrubber);
    }

    /** The same, on a stream of the caller's. */
    static JsonLogging start(
            OutputStream out, String serviceName, String serviceVersion, String level, Scrubber scrubber) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        context.putProperty("service_name", serviceName);
        context.putProperty("service_version", serviceVersion);
        var appender = new OutputStreamAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("json");
        appender.setEncoder(encoder(context, scrubber));
        appender.setOutputStream(out);
        appender.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(level));
        root.addAppender(appender);
        for (String chatty : CHATTY) {
            context.getLogger(chatty).setLevel(Level.WARN);
        }
        return new JsonLogging(context);
    }

    private static LogstashEncoder encoder(LoggerContext context, Scrubber scrubber) {
        var encoder = new LogstashEncoder();
        encoder.setContext(context);
        encoder.setFieldNames(names());
        encoder.setTimeZone("UTC");
        encoder.addProvider(new TraceIds());
        var masking = new MaskingJsonGeneratorDecorator();
        masking.addValueMasker(
                (path, value) -> value instanceof CharSequence text ? scrubber.text(text.toString()) : null);
        masking.start();
        encoder.setJsonGeneratorDecorator(masking);
        encoder.start();
        return encoder;
    }

    private static LogstashFieldNames names() {
        var names = new LogstashFieldNames();
        names.setTimestamp("timestamp");
        names.setVersion("[ignore]");
        names.setLevel("severity_text");
        names.setLevelValue("[ignore]");
        names.setLogger("logger");
        names.setThread("thread");
        names.setStackTrace("exception");
        return names;
    }

    /** Flushes and ends logging. */
    @Override
    public void close() {
        context.stop();
    }
}
