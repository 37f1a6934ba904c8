/** Sleep, and how rested a user is. */
@NullMarked
package me.musclemap.api.recovery;

import org.jspecify.annotations.NullMarked;
