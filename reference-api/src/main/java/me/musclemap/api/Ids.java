package me.musclemap.api;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** New ids in the product's form: a prefix and lower-case hexadecimal digits. */
public final class Ids {
    private Ids() {}

    /** {@code prefix}, an underscore and 24 digits. Unique, not secret. */
    public static String next(String prefix) {
        byte[] bytes = new byte[12];
        ThreadLocalRandom.current().nextBytes(bytes);
        return prefix + "_" + HexFormat.of().formatHex(bytes);
    }
}
