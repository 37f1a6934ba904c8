/** The host agent: CPU seconds of every station, from /proc. */
@NullMarked
package me.musclemap.telemetry.agent;

import org.jspecify.annotations.NullMarked;
