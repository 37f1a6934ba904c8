/** Counts of what people do. */
@NullMarked
package me.musclemap.telemetry.business;

import org.jspecify.annotations.NullMarked;
