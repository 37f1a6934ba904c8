/** A condition that a person names, answered before anybody loads it. */
@NullMarked
package me.musclemap.capacity.condition;

import org.jspecify.annotations.NullMarked;
