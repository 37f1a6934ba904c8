/** What a second busy core costs the first: measured before anything is driven. */
@NullMarked
package me.musclemap.load.cores;

import org.jspecify.annotations.NullMarked;
