/** What every JVM service of Headroom starts its metrics, traces and logs with. */
@NullMarked
package me.musclemap.telemetry;

import org.jspecify.annotations.NullMarked;
