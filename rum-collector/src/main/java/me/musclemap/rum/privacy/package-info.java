/** Takes from a beacon what names a person, before anything is kept. */
@NullMarked
package me.musclemap.rum.privacy;

import org.jspecify.annotations.NullMarked;
