/** Counts in PostgreSQL: each record of the log is counted there once. */
@NullMarked
package me.musclemap.rum.store;

import org.jspecify.annotations.NullMarked;
