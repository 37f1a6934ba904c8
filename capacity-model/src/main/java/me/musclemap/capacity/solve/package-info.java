/** The solve command: named cases in, named answers out. */
@NullMarked
package me.musclemap.capacity.solve;

import org.jspecify.annotations.NullMarked;
