package me.musclemap.api.limits;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is at the other end, for limits by address. */
public final class ClientAddress {
    private static final int ADDRESS_CHARS_MAX = 45;

    private ClientAddress() {}

    /**
     * The address that a proxy on this machine names; anybody else may write what he likes there, so his own counts. Empty for
     * a program on this machine that no proxy speaks for.
     */
    public static Optional<String> of(String peer, @Nullable String forwardedFor) {
        boolean loopback = peer.startsWith("127.")
                || peer.equals("0:0:0:0:0:0:0:1")
                || peer.equals("::1")
                || peer.equals("[::1]")
                || peer.equals("[0:0:0:0:0:0:0:1]");
        if (!loopback) {
            return Optional.of(peer);
        }
        if (forwardedFor == null || forwardedFor.isBlank()) {
            return Optional.empty();
        }
        int comma = forwardedFor.indexOf(',');
        String first = (comma < 0 ? forwardedFor : forwardedFor.substring(0, comma)).strip();
        return Optional.of(first.length() <= ADDRESS_CHARS_MAX ? first : first.substring(0, ADDRESS_CHARS_MAX));
    }
}
