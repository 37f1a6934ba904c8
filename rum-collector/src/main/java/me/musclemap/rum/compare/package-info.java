/** Whether a release made a vital worse. */
@NullMarked
package me.musclemap.rum.compare;

import org.jspecify.annotations.NullMarked;
