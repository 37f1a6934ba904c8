package me.musclemap.api.dataset;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import me.musclemap.api.Problem;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Streams rows into one table by COPY, and what it sends into a digest. Not thread-safe. */
final class CopyStream implements AutoCloseable {
    private static final int FLUSH_CHARS = 1 << 16;

    private final CopyIn copy;
    private final MessageDigest digest;
    private final StringBuilder rows = new StringBuilder(FLUSH_CHARS + (1 << 13));
    private boolean first = true;

    CopyStream(Connection connection, MessageDigest digest, String table, String columns) throws SQLException {
        this.digest = digest;
        String statement = "copy " + table + " (" + columns + ") from stdin";
        digest.update(statement.getBytes(StandardCharsets.UTF_8));
        this.copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
    }

    /** Adds a column of the current row; numbers, texts, booleans and instants. */
    CopyStream add(@Nullable Object value) {
        if (!first) {
            rows.append('\t');
        }
        first = false;
        if (value == null) {
            rows.append("\\N");
        } else if (value instanceof String text) {
            escaped(text);
        } else if (value instanceof Instant || value instanceof Number || value instanceof Boolean) {
            rows.append(value);
        } else {
            throw new IllegalArgumentException("no column can hold a " + value.getClass());
        }
        return this;
    }

    /** Adds a text array. */
    CopyStream array(Collection<String> values) {
        return add("{" + String.join(",", values) + "}");
    }

    void end() throws SQLException {
        rows.append('\n');
        first = true;
        if (rows.length() > FLUSH_CHARS) {
            flush();
        }
    }

    private void escaped(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> rows.append("\\\\");
                case '\t' -> rows.append("\\t");
                case '\n' -> rows.append("\\n");
                case '\r' -> rows.append("\\r");
                default -> rows.append(c);
            }
        }
    }

    private void flush() throws SQLException {
        if (Thread.currentThread().isInterrupted()) {
            throw Problem.failed("interrupted while loading the data set");
        }
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(rows));
        digest.update(bytes.duplicate());
        copy.writeToCopy(bytes.array(), bytes.arrayOffset(), bytes.remaining());
        rows.setLength(0);
    }

    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            flush();
            copy.endCopy();
        }
    }
}
