/** Web-vitals intake and answers. */
@NullMarked
package me.musclemap.rum;

import org.jspecify.annotations.NullMarked;
