/** The charts of the report, drawn by JFreeChart as vector graphics. */
@NullMarked
package me.musclemap.reports.charts;

import org.jspecify.annotations.NullMarked;
