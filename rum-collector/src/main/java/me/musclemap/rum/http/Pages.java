package me.musclemap.rum.http;

/** Answers one route; may take its time. */
public interface Pages {
    /**
     * The answer.
     *
     * @throws IllegalArgumentException if the query is wrong; the message says what to write
     */
    Reply answer(Query query);
}
