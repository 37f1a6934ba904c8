/** Hit ratios as consequences of popularity, size and time to live. */
@NullMarked
package me.musclemap.capacity.cache;

import org.jspecify.annotations.NullMarked;
