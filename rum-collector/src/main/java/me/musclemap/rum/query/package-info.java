/** Answers from the sketches. */
@NullMarked
package me.musclemap.rum.query;

import org.jspecify.annotations.NullMarked;
