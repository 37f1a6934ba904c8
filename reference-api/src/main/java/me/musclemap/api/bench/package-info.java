/** Measurements of the service that are too long for tests: each a command that prints a table. */
@NullMarked
package me.musclemap.api.bench;

import org.jspecify.annotations.NullMarked;
