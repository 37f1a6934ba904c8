package me.musclemap.rum.http;

/** Reads the header in which proxies name the address that they saw. */
final class Addresses {
    private Addresses() {}

    /**
     * The address this many places from the right, as each proxy adds the one that it saw: those further left are the
     * sender's own words. The leftmost, if there are fewer. A proxy that saw this machine was asked by another one on it, so
     * the next to the left counts. Empty where nobody else is named.
     */
    static String fromRight(String told, int place) {
        int end = told.length();
        for (int passed = 1; ; passed++) {
            int comma = told.lastIndexOf(',', end - 1);
            String address = told.substring(comma + 1, end).strip();
            boolean isOurs = isThisMachine(address);
            if (comma < 0) {
                return isOurs ? "" : address;
            }
            if (passed >= place && !isOurs) {
                return address;
            }
            end = comma;
        }
    }

    private static boolean isThisMachine(String address) {
        return address.startsWith("127.")
                || address.equals("::1")
                || address.equals("[::1]")
                || address.equals("0:0:0:0:0:0:0:1");
    }
}
