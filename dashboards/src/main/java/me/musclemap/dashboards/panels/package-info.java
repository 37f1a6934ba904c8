/** The one model of a dashboard: what is shown, in which unit, against which limit, and what to do about it. */
@NullMarked
package me.musclemap.dashboards.panels;

import org.jspecify.annotations.NullMarked;
