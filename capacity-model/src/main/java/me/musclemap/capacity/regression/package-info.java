/** Least squares: ordinary, and with coefficients that are not negative. */
@NullMarked
package me.musclemap.capacity.regression;

import org.jspecify.annotations.NullMarked;
