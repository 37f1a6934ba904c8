/** Exact product-form queueing networks, closed, open and mixed, and small Markov chains. */
@NullMarked
package me.musclemap.capacity.network;

import org.jspecify.annotations.NullMarked;
