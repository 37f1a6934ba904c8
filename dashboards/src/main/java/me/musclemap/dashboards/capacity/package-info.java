/** What the dashboard needs of a run and its capacity answer. */
@NullMarked
package me.musclemap.dashboards.capacity;

import org.jspecify.annotations.NullMarked;
