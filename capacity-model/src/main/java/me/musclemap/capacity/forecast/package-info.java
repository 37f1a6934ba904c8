/** Growth of a series and the date on which a capacity is exhausted. */
@NullMarked
package me.musclemap.capacity.forecast;

import org.jspecify.annotations.NullMarked;
