/** The plan's own statements, each with its place, its formula and its verdict. */
@NullMarked
package me.musclemap.capacity.claims;

import org.jspecify.annotations.NullMarked;
