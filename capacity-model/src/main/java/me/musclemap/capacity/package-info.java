/** Fit, solve, plan and predict. */
@NullMarked
package me.musclemap.capacity;

import org.jspecify.annotations.NullMarked;
