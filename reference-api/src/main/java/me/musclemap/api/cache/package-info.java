/** Cache-aside in Redis, with a small tier in this process in front. */
@NullMarked
package me.musclemap.api.cache;

import org.jspecify.annotations.NullMarked;
