/** What this process uses, read from /proc. */
@NullMarked
package me.musclemap.telemetry.process;

import org.jspecify.annotations.NullMarked;
