package me.musclemap.rum;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Bodies with bytes changed, cut, doubled and swapped. */
final class Mutations {
    private Mutations() {}

    static byte[] of(byte[] seed, SplittableRandom random) {
        byte[] body = seed.clone();
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(body.length);
            switch (random.nextInt(4)) {
                case 0 -> body[at] = (byte) random.nextInt(256);
                case 1 -> body = Arrays.copyOf(body, at + 1);
                case 2 -> body[at] = (byte) "0123456789-eE.\"{}[]:,".charAt(random.nextInt(21));
                default -> {
                    byte[] doubled = new byte[body.length + at];
                    System.arraycopy(body, 0, doubled, 0, body.length);
                    System.arraycopy(body, 0, doubled, body.length, at);
                    body = doubled;
                }
            }
        }
        return body;
    }
}
