/** Proofs of the room's promises, run by a command on the machine where they matter. */
@NullMarked
package me.musclemap.rum.bench;

import org.jspecify.annotations.NullMarked;
