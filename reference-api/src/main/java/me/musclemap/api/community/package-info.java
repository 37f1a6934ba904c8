/** Who is here now: counts, presence, sockets. */
@NullMarked
package me.musclemap.api.community;

import org.jspecify.annotations.NullMarked;
