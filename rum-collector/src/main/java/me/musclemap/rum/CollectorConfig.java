package me.musclemap.rum;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import me.musclemap.rum.intake.AddressLimits;
import me.musclemap.rum.intake.IntakeConfig;
import me.musclemap.rum.store.Database;

/**
 * What one collector needs. Immutable.
 *
 * @param port 0 for any free one
 * @param data directory of the segment log, made if absent
 * @param keptBytesMax how much of the log is kept; with a database, how much may wait for it
 * @param countryHeader in which a proxy that we trust names the country; empty if none does
 * @param addressHeader in which it names the sender's address; empty if none does
 * @param trustedProxies how many such proxies a request comes through, so that the sender's address is this many from the
 *     right
 * @param database where the counts are; if absent, in memory, from the log
 * @param flushEvery how often they are written to the database at most
 */
public record CollectorConfig(
        int port,
        Path data,
        long keptBytesMax,
        IntakeConfig intake,
        String countryHeader,
        String addressHeader,
        int trustedProxies,
        Optional<AddressLimits> limits,
        Optional<Database.Address> database,
        Duration flushEvery) {
    /** A collector with a log of its own and nothing else. */
    public static CollectorConfig of(Path data, int port) {
        return new CollectorConfig(
                port,
                data,
                1L << 30,
                IntakeConfig.DEFAULT,
                "",
                "X-Forwarded-For",
                1,
                Optional.of(new AddressLimits(20, 400)),
                Optional.empty(),
                Duration.ofSeconds(5));
    }

    /** The same with a database. */
    public CollectorConfig with(Database.Address address, Duration flush) {
        return new CollectorConfig(
                port,
                data,
                keptBytesMax,
                intake,
                countryHeader,
                addressHeader,
                trustedProxies,
                limits,
                Optional.of(address),
                flush);
    }

    /** The same with other rules of intake, and a country from this header. */
    public CollectorConfig with(IntakeConfig other, String country) {
        return new CollectorConfig(
                port, data, keptBytesMax, other, country, addressHeader, trustedProxies, limits, database, flushEvery);
    }

    /** The same behind this many proxies. */
    public CollectorConfig behind(int proxies) {
        return new CollectorConfig(
                port, data, keptBytesMax, intake, countryHeader, addressHeader, proxies, limits, database, flushEvery);
    }
}
