package me.musclemap.api.cache;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one request asks Redis, in as few messages as it can be: nothing is sent before the first answer is wanted, and then
 * all that waits goes together. A request that is counted and reads two values so takes one round trip. For one thread.
 */
public final class RedisRound {
    private final RedisStore redis;
    private final List<Question> waiting = new ArrayList<>(3);
    private final Map<String, Question> expected = new HashMap<>(4);

    RedisRound(RedisStore redis) {
        this.redis = redis;
    }

    /** One command and, later, its answer. */
    static final class Question {
        private final byte[][] command;
        private @Nullable Object answer;
        private @Nullable RedisException failure;
        private boolean sent;

        Question(byte[]... command) {
            this.command = command;
        }

        byte[][] command() {
            return command;
        }
    }

    /** The value of {@code key} will be read: it is asked for with whatever is asked next. */
    public void expect(String key) {
        expected.computeIfAbsent(key, k -> ask(get(k)));
    }

    /**
     * The value of {@code key}; null when there is none. What was expected is good for one reading: who reads again, after a
     * change maybe, asks again.
     *
     * @throws RedisException when Redis is away
     */
    byte @Nullable [] read(String key) {
        Question ahead = expected.remove(key);
        Object answer = answer(ahead == null ? ask(get(key)) : ahead);
        return answer instanceof byte[] bytes ? bytes : null;
    }

    /**
     * The whole numbers that {@code script} answers.
     *
     * @throws RedisException when Redis is away
     */
    public List<Long> numbers(Script script, String[] keys, String[] values) {
        Object answer;
        try {
            answer = answer(ask(evaluation("EVALSHA", script.sha1(), keys, values)));
        } catch (RedisNoScriptException e) { // a Redis that has not seen it, or has forgotten it
            answer = answer(ask(evaluation("EVAL", script.text(), keys, values)));
        }
        if (!(answer instanceof List<?> list)) {
            throw new RedisException("a script did not answer a list");
        }
        var numbers = new ArrayList<Long>(list.size());
        for (Object one : list) {
            if (!(one instanceof Long number)) {
                throw new RedisException("a script did not answer whole numbers");
            }
            numbers.add(number);
        }
        return numbers;
    }

    private static Question get(String key) {
        return new Question(bytes("GET"), bytes(key));
    }

    private static Question evaluation(String command, String script, String[] keys, String[] values) {
        byte[][] parts = new byte[3 + keys.length + values.length][];
        parts[0] = bytes(command);
        parts[1] = bytes(script);
        parts[2] = bytes(Integer.toString(keys.length));
        for (int i = 0; i < keys.length; i++) {
            parts[3 + i] = bytes(keys[i]);
        }
        for (int i = 0; i < values.length; i++) {
            parts[3 + keys.length + i] = bytes(values[i]);
        }
        return new Question(parts);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Question ask(Question question) {
        waiting.add(question);
        return question;
    }

    private @Nullable Object answer(Question question) {
        if (!question.sent) {
            sendAll();
        }
        if (question.failure != null) {
            throw question.failure;
        }
        if (question.answer instanceof RedisException refusal) {
            throw refusal;
        }
        return question.answer;
    }

    private void sendAll() {
        try {
            List<@Nullable Object> answers =
                    redis.together(waiting.stream().map(Question::command).toList());
            for (int i = 0; i < answers.size(); i++) {
                waiting.get(i).answer = answers.get(i);
            }
        } catch (RedisException e) {
            waiting.forEach(question -> question.failure = e);
        }
        waiting.forEach(question -> question.sent = true);
        waiting.clear();
    }
}
