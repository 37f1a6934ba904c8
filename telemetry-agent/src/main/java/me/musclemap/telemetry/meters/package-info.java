/** Meters by catalogue name, and the guard that keeps their labels bounded. */
@NullMarked
package me.musclemap.telemetry.meters;

import org.jspecify.annotations.NullMarked;
