/** What a report reads: the run record and the capacity answer, checked as they come in. */
@NullMarked
package me.musclemap.reports.record;

import org.jspecify.annotations.NullMarked;
