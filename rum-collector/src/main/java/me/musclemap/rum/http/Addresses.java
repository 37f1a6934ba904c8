package me.musclemap.rum.http;

/** Reads the header in which proxies name the address that they saw. */
final class Addresses {
    private Addresses() {}

    /**
     * The address this many places from the right, as each proxy adds the one that it saw: those further left are the
     * sender's own words. The leftmost, if there are fewer. Empty for our own machine.
     */
    static String fromRight(String told, int place) {
        int end = told.length();
        for (int passed = 1; passed < place; passed++) {
            int comma = told.lastIndexOf(',', end - 1);
            if (comma < 0) {
                break;
            }
            end = comma;
        }
        String address = told.substring(told.lastIndexOf(',', end - 1) + 1, end).strip();
        return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1") ? "" : address;
    }
}
