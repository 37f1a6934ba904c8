package me.musclemap.load.lab;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What each operation of the embedded API costs. It is part of the stack's name, so every figure of a run says it. */
public enum CostProfile {
    /** What it costs. */
    reference("", ""),

    /** What it was measured to cost in the real product: made to burn that much, in one event loop and in PostgreSQL. */
    production(
            "-at-production-cost",
            "; every operation is made to cost what the real product was measured to need (cost profile production)");

    private final String suffix;
    private final String words;

    CostProfile(String suffix, String words) {
        this.suffix = suffix;
        this.words = words;
    }

    /** The profile of this name, or one clear error. */
    public static CostProfile of(String name) {
        return Arrays.stream(values())
                .filter(profile -> profile.name().equals(name))
                .findFirst()
                .orElseThrow(() -> LabException.wrongArguments("--cost-profile=" + name + ": use "
                        + Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(" or "))));
    }

    /** The profile of the stack that a record names so. */
    static CostProfile ofStack(String stack) {
        return stack.endsWith(production.suffix) ? production : reference;
    }

    /** The name of a stack with these costs. */
    String named(String stack) {
        return stack + suffix;
    }

    /** What is in a stack with these costs. */
    String told(String scope) {
        return scope + words;
    }
}
