/** Two builds compared by paired runs: exact tests on the log ratios of whole runs, and this machine's own false-alarm rate. */
@NullMarked
package me.musclemap.load.compare;

import org.jspecify.annotations.NullMarked;
