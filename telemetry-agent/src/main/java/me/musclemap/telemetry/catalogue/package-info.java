/** Every metric that Headroom exposes: name, type, unit, labels, help and series limit. */
@NullMarked
package me.musclemap.telemetry.catalogue;

import org.jspecify.annotations.NullMarked;
