/** Log lines as JSON, with the ids of the current trace. */
@NullMarked
package me.musclemap.telemetry.logs;

import org.jspecify.annotations.NullMarked;
