/** Receives the traces of sampled requests, and keeps those worth reading. */
@NullMarked
package me.musclemap.load.traces;

import org.jspecify.annotations.NullMarked;
