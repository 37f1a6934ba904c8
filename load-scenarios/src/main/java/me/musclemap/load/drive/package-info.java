/** The generator: Gatling driven by a queue of what is due, with every request timed from the moment it should have begun. */
@NullMarked
package me.musclemap.load.drive;

import org.jspecify.annotations.NullMarked;
