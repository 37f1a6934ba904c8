/** The collector's HTTP server. */
@NullMarked
package me.musclemap.rum.http;

import org.jspecify.annotations.NullMarked;
