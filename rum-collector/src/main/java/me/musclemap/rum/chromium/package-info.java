/** A real browser, driven over its own protocol. */
@NullMarked
package me.musclemap.rum.chromium;

import org.jspecify.annotations.NullMarked;
