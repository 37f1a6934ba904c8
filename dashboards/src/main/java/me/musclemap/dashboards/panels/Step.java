package me.musclemap.dashboards.panels;

/** From this value on, this colour. The first step of a panel begins at minus infinity. */
public record Step(double from, String color) {
    /** Names of Grafana's palette. */
    static final String GREEN = "green";

    static final String YELLOW = "yellow";
    static final String RED = "red";
}
