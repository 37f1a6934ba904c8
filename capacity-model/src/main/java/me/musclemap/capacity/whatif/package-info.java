/** What changes if something is changed, what moves the answer, what a storm does, and what is cheapest. */
@NullMarked
package me.musclemap.capacity.whatif;

import org.jspecify.annotations.NullMarked;
