/** When each simulated user does what: residents, their stationary places, and the queue of what is due. */
@NullMarked
package me.musclemap.load.schedule;

import org.jspecify.annotations.NullMarked;
