package me.musclemap.load.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Which system under test the lab starts. */
public enum Profile {
    /** The API on PostgreSQL and Redis that came along: the same everywhere. */
    embedded("reference-embedded", "API, PostgreSQL and Redis only", List.of()),

    /** What the plan's first phase has on its machine, from the programs that are installed here. */
    vps(
            "reference-vps",
            "API behind Caddy with TLS 1.3, PgBouncer, PostgreSQL, Redis, Prometheus and its exporters",
            Vps.STATIONS);

    private static final List<String> EVERYWHERE = List.of("api", "postgres", "redis", "rum");

    private final String stack;
    private final String scope;
    private final List<String> around;

    Profile(String stack, String scope, List<String> around) {
        this.stack = stack;
        this.scope = scope;
        this.around = around;
    }

    /** The profile of this name, or one clear error. */
    public static Profile of(String name) {
        return Arrays.stream(values())
                .filter(profile -> profile.name().equals(name))
                .findFirst()
                .orElseThrow(() -> LabException.wrongArguments("--profile=" + name + ": use "
                        + Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(" or "))));
    }

    /** The name of the stack that every figure stands beside. */
    String stack() {
        return stack;
    }

    /** What is in it, and what not. */
    String scope() {
        return scope;
    }

    /** The stations that share the cores of the system under test. */
    List<String> stations(boolean withGenerator) {
        var stations = new ArrayList<>(EVERYWHERE);
        stations.addAll(around);
        if (withGenerator) {
            stations.add("generator");
        }
        stations.add("other");
        return List.copyOf(stations);
    }
}
