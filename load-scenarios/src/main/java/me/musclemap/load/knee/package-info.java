/** Where the knee roughly is: the probe's rule. */
@NullMarked
package me.musclemap.load.knee;

import org.jspecify.annotations.NullMarked;
