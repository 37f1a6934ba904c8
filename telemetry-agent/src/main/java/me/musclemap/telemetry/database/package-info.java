/** Calls to databases and caches as a client sees them. */
@NullMarked
package me.musclemap.telemetry.database;

import org.jspecify.annotations.NullMarked;
