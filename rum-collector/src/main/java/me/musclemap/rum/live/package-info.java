/** What happens now: a stream of events, and how fast the budgets burn. */
@NullMarked
package me.musclemap.rum.live;

import org.jspecify.annotations.NullMarked;
