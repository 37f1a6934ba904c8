package me.musclemap.rum.http;

import java.util.Map;
import java.util.Optional;
import me.musclemap.rum.intake.AddressLimits;

/**
 * How the server listens.
 *
 * @param port 0 for any free one
 * @param countryHeader in which a proxy that we trust names the country; empty if none does
 * @param addressHeader in which it names the sender's address; empty if none does
 * @param trustedProxies how many proxies that we trust a request comes through: each adds the address that it saw to the
 *     header, so that the sender's is this many from the right. 0 for none: the header is not read
 * @param limits for addresses
 * @param pages by path; a path that ends in {@code /*} takes all below it
 */
public record ServerConfig(
        int port,
        String countryHeader,
        String addressHeader,
        int trustedProxies,
        Optional<AddressLimits> limits,
        Map<String, Pages> pages) {
    /** Copies the map. */
    public ServerConfig {
        pages = Map.copyOf(pages);
    }
}
