/** Production as a source: a workload from an access log or from counters, and a run record from telemetry. */
@NullMarked
package me.musclemap.load.replay;

import org.jspecify.annotations.NullMarked;
