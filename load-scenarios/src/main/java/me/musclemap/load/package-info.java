/** Workloads, scenarios, the lab and the recorder. */
@NullMarked
package me.musclemap.load;

import org.jspecify.annotations.NullMarked;
