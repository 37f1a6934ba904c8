/** Phases, constraints, headroom, curve and the verdict in words. */
@NullMarked
package me.musclemap.capacity.plan;

import org.jspecify.annotations.NullMarked;
