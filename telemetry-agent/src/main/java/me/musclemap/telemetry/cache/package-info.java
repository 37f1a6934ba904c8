/** Hits and misses by class of cache key. */
@NullMarked
package me.musclemap.telemetry.cache;

import org.jspecify.annotations.NullMarked;
