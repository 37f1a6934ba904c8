/** The report itself: what each part shows, in words, and how it becomes HTML and PDF. */
@NullMarked
package me.musclemap.reports.page;

import org.jspecify.annotations.NullMarked;
