package me.musclemap.api;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** The address that a service listens on: a number, and one of this machine's. */
final class ListenAddress {
    /** Digits, dots and colons only: a name would have to be looked up, and may mean several addresses. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private ListenAddress() {}

    /** @throws Problem when this machine has no such address */
    static void require(String listen) {
        try {
            InetAddress address = parsed(listen);
            if (!address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) == null) {
                throw notOurs(listen);
            }
        } catch (UnknownHostException | SocketException e) {
            throw notOurs(listen);
        }
    }

    private static InetAddress parsed(String listen) throws UnknownHostException {
        if (!NUMBER.matcher(listen).matches()) {
            throw new UnknownHostException(listen);
        }
        return InetAddress.getAllByName(listen)[0];
    }

    private static Problem notOurs(String listen) {
        return Problem.usage("--listen=" + listen
                + ": this machine has no such address; give one of its own as a number, or 0.0.0.0 for all");
    }

    /** As a program on this machine writes it in a URL. */
    static String reachable(String listen) {
        try {
            InetAddress address = parsed(listen);
            if (address.isAnyLocalAddress()) {
                return Api.Guard.LOOPBACK;
            }
            return address instanceof Inet6Address ? "[" + listen + "]" : listen;
        } catch (UnknownHostException e) {
            throw notOurs(listen);
        }
    }
}
