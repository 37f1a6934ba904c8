/** Answers for a named condition before anybody loads it, sealed by a hash. */
@NullMarked
package me.musclemap.capacity.predict;

import org.jspecify.annotations.NullMarked;
