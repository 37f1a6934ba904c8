/** The run record: what one load run was, written as it goes and read back strictly. */
@NullMarked
package me.musclemap.load.record;

import org.jspecify.annotations.NullMarked;
