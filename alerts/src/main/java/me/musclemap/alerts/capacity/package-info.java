/** What the rules need of capacity.json. */
@NullMarked
package me.musclemap.alerts.capacity;

import org.jspecify.annotations.NullMarked;
