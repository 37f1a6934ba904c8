package me.musclemap.alerts.promql;

import java.util.List;

/** How the two sides of an operator find each other. */
record Matching(boolean on, List<String> labels, boolean groupLeft, boolean groupRight, List<String> include) {
    Matching {
        labels = List.copyOf(labels);
        include = List.copyOf(include);
    }
}
