/** What a server calls around an HTTP request and the GraphQL operation in it. */
@NullMarked
package me.musclemap.telemetry.http;

import org.jspecify.annotations.NullMarked;
