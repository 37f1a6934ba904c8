/** Mergeable sketches of vitals by route, metric and circumstances. */
@NullMarked
package me.musclemap.rum.sketch;

import org.jspecify.annotations.NullMarked;
