package me.musclemap.rum.intake;

import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many beacons one address may send: so many at once, and so many a second after that. An address is known by a hash
 * with a key that lives as long as the process, and is used for nothing else. Bounded; safe for use by many threads.
 */
public final class AddressLimits {
    private static final int ADDRESSES_MAX = 1 << 16;

    private final double perSecond;
    private final int burst;
    private final long key = new SecureRandom().nextLong();
    private final Map<Long, Allowance> allowances = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Allowance> eldest) {
            return size() > ADDRESSES_MAX;
        }
    };

    private static final class Allowance {
        private double left;
        private long atNanos;
    }

    /** {@code perSecond} beacons of one address, after {@code burst} at once. */
    public AddressLimits(double perSecond, int burst) {
        if (!(perSecond > 0) || burst < 1) {
            throw new IllegalArgumentException(
                    "--address-rate=" + perSecond + ", --address-burst=" + burst + ": use numbers above 0");
        }
        this.perSecond = perSecond;
        this.burst = burst;
    }

    /** Whether this address may send one more now. */
    public synchronized boolean allows(String address, long nowNanos) {
        long hash = key;
        for (int i = 0; i < address.length(); i++) {
            hash = (hash ^ address.charAt(i)) * 0x100000001b3L;
            hash ^= hash >>> 29;
        }
        Allowance allowance = allowances.get(hash);
        if (allowance == null) {
            allowance = new Allowance();
            allowance.left = burst;
            allowance.atNanos = nowNanos;
            allowances.put(hash, allowance);
        }
        allowance.left = Math.min(burst, allowance.left + (nowNanos - allowance.atNanos) * 1e-9 * perSecond);
        allowance.atNanos = nowNanos;
        if (allowance.left < 1) {
            return false;
        }
        allowance.left--;
        return true;
    }
}
