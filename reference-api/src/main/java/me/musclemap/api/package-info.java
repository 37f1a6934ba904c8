/** MuscleMap's API as the scaling plan describes it. */
@NullMarked
package me.musclemap.api;

import org.jspecify.annotations.NullMarked;
