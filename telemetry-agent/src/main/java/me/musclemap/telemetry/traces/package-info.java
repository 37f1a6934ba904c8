/** The tracer, its sampler and its exporter. */
@NullMarked
package me.musclemap.telemetry.traces;

import org.jspecify.annotations.NullMarked;
