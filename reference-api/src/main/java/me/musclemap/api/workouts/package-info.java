/** Workout sessions: start, log sets, complete. */
@NullMarked
package me.musclemap.api.workouts;

import org.jspecify.annotations.NullMarked;
