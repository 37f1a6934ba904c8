package me.musclemap.api.cache;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import me.musclemap.telemetry.database.DatabaseCall;
import me.musclemap.telemetry.database.DatabaseTelemetry;
import org.jspecify.annotations.Nullable;

/**
 * The connection to Redis. Commands fail at once while it is away, and work again by themselves when it is back. Safe for
 * use by many threads.
 */
public final class RedisStore implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final ClientResources resources;
    private final RedisClient client;
    private final DatabaseTelemetry telemetry;
    private volatile @Nullable StatefulRedisConnection<String, byte[]> bytes;
    private volatile @Nullable StatefulRedisConnection<String, String> texts;
    private volatile long nextTryNanos;

    private RedisStore(ClientResources resources, RedisClient client, DatabaseTelemetry telemetry) {
        this.resources = resources;
        this.client = client;
        this.telemetry = telemetry;
        this.nextTryNanos = System.nanoTime();
    }

    /** A client of the Redis at {@code uri}, which need not be there yet. */
    public static RedisStore open(String uri, DatabaseTelemetry telemetry) {
        ClientResources resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(io.lettuce.core.resource.Delay.constant(Duration.ofMillis(500)))
                .build();
        RedisURI address = RedisURI.create(uri);
        address.setTimeout(PATIENCE);
        RedisClient client = RedisClient.create(resources, address);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder().connectTimeout(PATIENCE).build())
                .timeoutOptions(TimeoutOptions.enabled(PATIENCE))
                .build());
        return new RedisStore(resources, client, telemetry);
    }

    /** Text commands. @throws RedisException when Redis is away */
    public RedisCommands<String, String> commands() {
        var connection = texts;
        if (connection == null) {
            synchronized (this) {
                connection = texts;
                if (connection == null) {
                    connection = connect(StringCodec.UTF8);
                    texts = connection;
                }
            }
        }
        return connection.sync();
    }

    /** Runs text commands as one call named {@code operation} in the metrics. */
    public <T> T call(String operation, java.util.function.Function<RedisCommands<String, String>, T> work) {
        try (DatabaseCall call = telemetry.start(operation)) {
            try {
                return work.apply(commands());
            } catch (RedisException e) {
                call.failed(e);
                throw e;
            }
        }
    }

    byte @Nullable [] read(String key) {
        try (DatabaseCall call = telemetry.start("GET")) {
            try {
                return bytes().get(key);
            } catch (RedisException e) {
                call.failed(e);
                throw e;
            }
        }
    }

    void write(String key, byte[] value, Duration life) {
        try (DatabaseCall call = telemetry.start("SET")) {
            try {
                bytes().set(key, value, SetArgs.Builder.px(life));
            } catch (RedisException e) {
                call.failed(e);
                throw e;
            }
        }
    }

    /** Whether it answers now. */
    public boolean answers() {
        try {
            return "PONG".equals(commands().ping());
        } catch (RedisException e) {
            return false;
        }
    }

    private RedisCommands<String, byte[]> bytes() {
        var connection = bytes;
        if (connection == null) {
            synchronized (this) {
                connection = bytes;
                if (connection == null) {
                    connection = connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
                    bytes = connection;
                }
            }
        }
        return connection.sync();
    }

    /** The first connection; a lost one comes back by itself. While Redis is away it is tried once a second, not by each request. */
    private <V> StatefulRedisConnection<String, V> connect(RedisCodec<String, V> codec) {
        if (System.nanoTime() - nextTryNanos < 0) {
            throw new RedisException("Redis was away a moment ago");
        }
        try {
            return client.connect(codec);
        } catch (RedisException e) {
            nextTryNanos = System.nanoTime() + Duration.ofSeconds(1).toNanos();
            throw e;
        }
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        resources.shutdown(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly(1_000);
    }
}
