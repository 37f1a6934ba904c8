/** What browsers send, in each of its forms. */
@NullMarked
package me.musclemap.rum.beacon;

import org.jspecify.annotations.NullMarked;
