/** The segment log: what was acknowledged is on disk. */
@NullMarked
package me.musclemap.rum.spool;

import org.jspecify.annotations.NullMarked;
