/** Alert thresholds derived from the capacity and its lower end. */
@NullMarked
package me.musclemap.capacity.thresholds;

import org.jspecify.annotations.NullMarked;
