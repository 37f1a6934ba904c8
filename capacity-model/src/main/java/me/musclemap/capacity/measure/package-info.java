/** Reads a run record, strictly, and turns its windows into rows of rates and CPU. */
@NullMarked
package me.musclemap.capacity.measure;

import org.jspecify.annotations.NullMarked;
