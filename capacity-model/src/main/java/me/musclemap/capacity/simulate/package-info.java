/** Simulation of queues, cores and pools with confidence intervals. */
@NullMarked
package me.musclemap.capacity.simulate;

import org.jspecify.annotations.NullMarked;
