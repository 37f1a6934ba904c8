/** The universal scalability law, fitted and inverted. */
@NullMarked
package me.musclemap.capacity.usl;

import org.jspecify.annotations.NullMarked;
