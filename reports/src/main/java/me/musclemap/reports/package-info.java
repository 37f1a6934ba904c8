/** The capacity report, HTML and PDF. */
@NullMarked
package me.musclemap.reports;

import org.jspecify.annotations.NullMarked;
