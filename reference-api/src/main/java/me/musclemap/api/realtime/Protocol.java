package me.musclemap.api.realtime;

import java.time.Duration;

/** What one kind of socket says and understands. Its methods are called on a server thread, for one socket by one at a time. */
public interface Protocol {
    /** How long a client may say nothing. */
    Duration silenceMax();

    /** A socket opened. {@code token} is what the client gave in its address; empty when it gave none. */
    void opened(Socket socket, String token);

    /** A message came in: valid UTF-8, 64 KiB at most. */
    void received(Socket socket, byte[] utf8);

    /** The socket is closed. */
    default void closed(Socket socket) {}
}
