/** Takes personal data and secrets out of span attributes and log lines. */
@NullMarked
package me.musclemap.telemetry.scrub;

import org.jspecify.annotations.NullMarked;
