/** One run driven by several generators: a shard's own run, and the merge of all of them without loss. */
@NullMarked
package me.musclemap.load.merge;

import org.jspecify.annotations.NullMarked;
