/** CPU seconds of every station, from /proc. */
@NullMarked
package me.musclemap.telemetry.stations;

import org.jspecify.annotations.NullMarked;
