/** Measurements of the generator itself; each starts what it needs and prints a table. */
@NullMarked
package me.musclemap.load.bench;

import org.jspecify.annotations.NullMarked;
