package me.musclemap.api.limits;

import org.jspecify.annotations.Nullable;

/** Who is at the other end, for limits by address. */
public final class ClientAddress {
    private ClientAddress() {}

    /** The address that a proxy on this machine names; anybody else may write what he likes there, so his own counts. */
    public static String of(String peer, @Nullable String forwardedFor) {
        boolean loopback = peer.startsWith("127.")
                || peer.equals("0:0:0:0:0:0:0:1")
                || peer.equals("::1")
                || peer.equals("[::1]")
                || peer.equals("[0:0:0:0:0:0:0:1]");
        if (!loopback || forwardedFor == null || forwardedFor.isBlank()) {
            return peer;
        }
        int comma = forwardedFor.indexOf(',');
        return (comma < 0 ? forwardedFor : forwardedFor.substring(0, comma)).strip();
    }
}
