/** The HTTP server and its routes. */
@NullMarked
package me.musclemap.api.http;

import org.jspecify.annotations.NullMarked;
