/** The database: its schema, its pool, its statements. */
@NullMarked
package me.musclemap.api.store;

import org.jspecify.annotations.NullMarked;
