/** WebSockets: frames, sockets, who listens to what, and Redis pub/sub between instances. */
@NullMarked
package me.musclemap.api.realtime;

import org.jspecify.annotations.NullMarked;
