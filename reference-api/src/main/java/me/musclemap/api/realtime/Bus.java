package me.musclemap.api.realtime;

import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.musclemap.api.cache.RedisStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events between instances, over Redis pub/sub: what is published on one reaches the sockets of all. An instance listens to
 * the feeds, and to the channel of each person who has a socket there. While Redis is away, events reach the sockets of the
 * instance that they come from; the subscriptions come back by themselves. Safe for use by many threads.
 */
public final class Bus implements AutoCloseable {
    /** What the whole community may see. */
    public static final String COMMUNITY = "rt:community";

    /** The bare events of the live stream. */
    public static final String LIVE = "pubsub:live:activity";

    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
    private static final String PERSON = "rt:user:";

    private final RedisStore redis;
    private final Hub hub;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "socket-bus");
        thread.setDaemon(true);
        return thread;
    });

    /** Carries events to the sockets of {@code hub}. */
    public Bus(RedisStore redis, Hub hub) {
        this.redis = redis;
        this.hub = hub;
        subscribe();
    }

    private void subscribe() {
        if (redis.listen(this::arrived)) {
            subscribe(COMMUNITY);
            subscribe(LIVE);
            hub.present().forEach(user -> subscribe(PERSON + user));
        } else {
            LOG.debug("Redis is away, events stay in this instance");
            later(this::subscribe);
        }
    }

    private void subscribe(String channel) {
        redis.subscribe(
                channel,
                () -> later(() -> {
                    if (!channel.startsWith(PERSON) || hub.isPresent(channel.substring(PERSON.length()))) {
                        subscribe(channel);
                    }
                }));
    }

    private void later(Runnable task) {
        try {
            var unused = timer.schedule(task, 1, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("stopping");
        }
    }

    /** Tells the whole community. */
    public void publish(String json) {
        publish(COMMUNITY, json);
    }

    /** Tells one person. */
    public void tell(String userId, String json) {
        publish(PERSON + userId, json);
    }

    /** Tells those who follow the live stream. */
    public void publishLive(String json) {
        publish(LIVE, json);
    }

    private void publish(String channel, String json) {
        redis.publish(channel, json, () -> arrived(channel, json));
    }

    private void arrived(String channel, String json) {
        if (channel.startsWith(PERSON)) {
            hub.tellPerson(channel.substring(PERSON.length()), Frame.message(json));
        } else {
            hub.tell(channel, Frame.replaceable(json));
        }
    }

    /** The socket hears what is told to {@code userId}. */
    public void join(String userId, Socket socket) {
        socket.user(userId);
        if (hub.join(userId, socket)) {
            subscribe(PERSON + userId);
        }
    }

    /** The socket no longer hears what is told to {@code userId}. */
    public void leave(String userId, Socket socket) {
        if (hub.leave(userId, socket)) {
            redis.unsubscribe(PERSON + userId);
            // A phone that reconnects opens its new socket while the old one closes: who came in between listens on.
            if (hub.isPresent(userId)) {
                subscribe(PERSON + userId);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
