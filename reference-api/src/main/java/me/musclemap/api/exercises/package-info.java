/** The catalogue of exercises and muscles. */
@NullMarked
package me.musclemap.api.exercises;

import org.jspecify.annotations.NullMarked;
