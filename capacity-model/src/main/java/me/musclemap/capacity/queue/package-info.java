/** Single queues: Erlang, M/M/m, M/M/m/K, M/G/1, M/D/1 and percentiles of M/G/m. */
@NullMarked
package me.musclemap.capacity.queue;

import org.jspecify.annotations.NullMarked;
