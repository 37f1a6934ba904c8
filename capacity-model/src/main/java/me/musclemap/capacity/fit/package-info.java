/** What a request costs at each station, with draws that carry how sure that is. */
@NullMarked
package me.musclemap.capacity.fit;

import org.jspecify.annotations.NullMarked;
