/** Intervals and quantiles of draws. */
@NullMarked
package me.musclemap.capacity.uncertainty;

import org.jspecify.annotations.NullMarked;
