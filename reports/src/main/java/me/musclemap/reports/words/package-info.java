/** Words and figures for people: rounding, units, plurals, and the sentences made from them. */
@NullMarked
package me.musclemap.reports.words;

import org.jspecify.annotations.NullMarked;
