/** Who is strongest, busiest, steadiest. */
@NullMarked
package me.musclemap.api.leaderboards;

import org.jspecify.annotations.NullMarked;
