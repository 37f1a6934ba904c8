/** From a request to an acknowledged beacon, with every beacon accounted for. */
@NullMarked
package me.musclemap.rum.intake;

import org.jspecify.annotations.NullMarked;
