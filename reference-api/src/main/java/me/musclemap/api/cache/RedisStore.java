package me.musclemap.api.cache;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import me.musclemap.telemetry.database.DatabaseCall;
import me.musclemap.telemetry.database.DatabaseTelemetry;
import org.jspecify.annotations.Nullable;

/**
 * The connection to Redis. Commands fail at once while it is away, and work again by themselves when it is back. Safe for
 * use by many threads.
 */
public final class RedisStore implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMillis(250);
    private static final Duration INSISTENCE = Duration.ofSeconds(2);
    private static final Duration HUNG = Duration.ofSeconds(1);
    private static final String LEASE = "lease:";
    private static final String PIPELINE = "PIPELINE";
    private static final RedisCodec<String, byte[]> BYTES = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** Keys: the value and its lease; values: the lease's token, the value, its life in milliseconds. */
    private static final String WRITE = "if redis.call('get', KEYS[2]) == ARGV[1] then "
            + "redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3]); redis.call('del', KEYS[2]); return 1 end return 0";

    private static final String END =
            "if redis.call('get', KEYS[2]) == ARGV[1] then return redis.call('del', KEYS[2]) end return 0";

    private final ClientResources resources;
    private final RedisClient client;
    private final Optional<RedisWire> wire;
    private final DatabaseTelemetry telemetry;
    private volatile @Nullable StatefulRedisConnection<String, byte[]> bytes;
    private volatile @Nullable StatefulRedisConnection<String, String> texts;
    private volatile @Nullable StatefulRedisPubSubConnection<String, String> listening;
    private volatile long nextTryNanos;
    private volatile long hungUntilNanos;

    private RedisStore(
            ClientResources resources, RedisClient client, Optional<RedisWire> wire, DatabaseTelemetry telemetry) {
        this.wire = wire;
        this.resources = resources;
        this.client = client;
        this.telemetry = telemetry;
        this.nextTryNanos = System.nanoTime();
        this.hungUntilNanos = nextTryNanos;
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
                // Who waits knows for how long: a timer of the library's for each command would end them all alike.
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .socketOptions(SocketOptions.builder().connectTimeout(PATIENCE).build())
                .build());
        Optional<RedisWire> wire =
                RedisWire.knows(address) ? Optional.of(new RedisWire(address, PATIENCE)) : Optional.empty();
        return new RedisStore(resources, client, wire, telemetry);
    }

    /** Text commands. @throws RedisException when Redis is away */
    public RedisCommands<String, String> commands() {
        return texts().sync();
    }

    private StatefulRedisConnection<String, String> texts() {
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
        return connection;
    }

    /** Publishes without waiting; {@code failed} runs when it did not get there. */
    public void publish(String channel, String message, Runnable failed) {
        try {
            var unused = inTime(texts().async().publish(channel, message)).whenComplete((count, failure) -> {
                if (failure != null) {
                    failed.run();
                }
            });
        } catch (RedisException e) {
            failed.run();
        }
    }

    /** Hands what arrives on subscribed channels to {@code listener} (channel, message). False when Redis is away. */
    public boolean listen(BiConsumer<String, String> listener) {
        try {
            StatefulRedisPubSubConnection<String, String> connection = client.connectPubSub(StringCodec.UTF8);
            connection.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                    listener.accept(channel, message);
                }
            });
            listening = connection;
            return true;
        } catch (RedisException e) {
            return false;
        }
    }

    /** Listens to {@code channel} from now on, also after a lost connection; {@code failed} runs when that is not possible now. */
    public void subscribe(String channel, Runnable failed) {
        var connection = listening;
        if (connection == null) {
            failed.run();
            return;
        }
        var unused = inTime(connection.async().subscribe(channel)).whenComplete((nothing, failure) -> {
            if (failure != null) {
                failed.run();
            }
        });
    }

    /** Listens to {@code channel} no longer. */
    public void unsubscribe(String channel) {
        var connection = listening;
        if (connection != null) {
            var unused = connection.async().unsubscribe(channel);
        }
    }

    /** Runs text commands as one call named {@code operation} in the metrics. */
    public <T> T call(String operation, Function<RedisCommands<String, String>, T> work) {
        return measured(operation, () -> work.apply(commands()));
    }

    /**
     * One call, as the metrics see it. After one that was not answered in time the next second's calls fail at once: a Redis
     * that hangs would otherwise cost every request our whole patience, several times.
     */
    private <T extends @Nullable Object> T measured(String operation, Supplier<T> work) {
        try (DatabaseCall call = telemetry.start(operation)) {
            try {
                if (System.nanoTime() - hungUntilNanos < 0) {
                    throw new RedisException("Redis did not answer a moment ago");
                }
                return work.get();
            } catch (RedisCommandTimeoutException e) {
                hungUntilNanos = System.nanoTime() + HUNG.toNanos();
                call.failed(e);
                throw e;
            } catch (RedisException e) {
                call.failed(e);
                throw e;
            }
        }
    }

    /**
     * A call that nothing can replace: waits for two seconds, and asks also a Redis that did not answer a moment ago.
     *
     * @throws RedisException when Redis is away, or does not answer in that time
     */
    public <T> T insist(String operation, Function<RedisAsyncCommands<String, String>, RedisFuture<T>> work) {
        try (DatabaseCall call = telemetry.start(operation)) {
            try {
                T answer = await(work.apply(texts().async()), INSISTENCE);
                if (answer == null) {
                    throw new RedisException("nothing was answered to " + operation);
                }
                return answer;
            } catch (RedisException e) {
                call.failed(e);
                throw e;
            }
        }
    }

    /** For what one request asks. */
    public RedisRound round() {
        return new RedisRound(this);
    }

    /** The answers to {@code commands}, as one call in the metrics. @throws RedisException when Redis is away */
    List<@Nullable Object> together(List<byte[][]> commands) {
        String name = commands.size() == 1 ? new String(commands.get(0)[0], StandardCharsets.US_ASCII) : PIPELINE;
        return measured(
                name,
                () -> wire.isPresent() && wire.get().hasRoom() ? wire.get().ask(commands) : byLibrary(commands));
    }

    /** All are on their way before the first answer is waited for. */
    private List<@Nullable Object> byLibrary(List<byte[][]> commands) {
        var asked = new ArrayList<RedisFuture<?>>(commands.size());
        for (byte[][] command : commands) {
            var arguments = new CommandArgs<>(BYTES);
            for (int i = 1; i < command.length; i++) {
                arguments.add(command[i]);
            }
            var type = CommandType.valueOf(new String(command[0], StandardCharsets.US_ASCII));
            asked.add(
                    type == CommandType.GET
                            ? bytes().dispatch(type, new ValueOutput<>(BYTES), arguments)
                            : bytes().dispatch(type, new NestedMultiOutput<>(BYTES), arguments));
        }
        var answers = new ArrayList<@Nullable Object>(commands.size());
        for (RedisFuture<?> one : asked) {
            try {
                answers.add(await(one));
            } catch (RedisCommandExecutionException e) {
                answers.add(e);
            }
        }
        return answers;
    }

    /**
     * The right to write a key.
     *
     * @param ours false when somebody else has it
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    record Lease(String key, byte[] token, boolean ours) {}

    /** Asks for the lease of {@code key}. */
    Lease lease(String key, Duration life) {
        byte[] token = new byte[12];
        ThreadLocalRandom.current().nextBytes(token);
        return measured("SET", () -> {
            String answer =
                    await(bytes().set(LEASE + key, token, SetArgs.Builder.nx().px(life)));
            return new Lease(key, token, "OK".equals(answer));
        });
    }

    /** Writes the leased key, if the lease still stands, and ends it. */
    void write(Lease lease, byte[] value, Duration life) {
        byte[] millis = Long.toString(life.toMillis()).getBytes(StandardCharsets.US_ASCII);
        leased(WRITE, lease, lease.token, value, millis);
    }

    /** Gives the lease up without a value. */
    void end(Lease lease) {
        leased(END, lease, lease.token);
    }

    private void leased(String script, Lease lease, byte[]... values) {
        String[] keys = {lease.key, LEASE + lease.key};
        Long unused = this.<@Nullable Long>measured(
                "EVAL", () -> await(bytes().<Long>eval(script, ScriptOutputType.INTEGER, keys, values)));
    }

    /** Drops keys and the leases of those who are making them. */
    void drop(String... keys) {
        String[] all = java.util.Arrays.copyOf(keys, 2 * keys.length);
        for (int i = 0; i < keys.length; i++) {
            all[keys.length + i] = LEASE + keys[i];
        }
        Long unused = this.<@Nullable Long>measured("DEL", () -> await(bytes().del(all)));
    }

    /** Fails when there is no answer within our patience, for what nobody waits for. */
    private static <T> CompletableFuture<T> inTime(RedisFuture<T> answer) {
        return answer.toCompletableFuture().orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The answer, within our patience. Waits on the future itself: a timer for each command would cost more than the command. */
    private static <T> @Nullable T await(RedisFuture<T> answer) {
        return await(answer, PATIENCE);
    }

    private static <T> @Nullable T await(RedisFuture<T> answer, Duration patience) {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw new RedisCommandTimeoutException("no answer within " + patience.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RedisException cause ? cause : new RedisException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException("interrupted", e);
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

    private RedisAsyncCommands<String, byte[]> bytes() {
        var connection = bytes;
        if (connection == null) {
            synchronized (this) {
                connection = bytes;
                if (connection == null) {
                    connection = connect(BYTES);
                    bytes = connection;
                }
            }
        }
        return connection.async();
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
        wire.ifPresent(RedisWire::close);
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        resources.shutdown(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly(1_000);
    }
}
