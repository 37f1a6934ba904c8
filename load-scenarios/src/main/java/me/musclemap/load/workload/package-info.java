/** What users do: workload files, read strictly, and the rates that follow from them. */
@NullMarked
package me.musclemap.load.workload;

import org.jspecify.annotations.NullMarked;
