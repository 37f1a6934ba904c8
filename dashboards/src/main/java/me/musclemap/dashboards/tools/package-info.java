/** The programs of Prometheus, run as child processes. */
@NullMarked
package me.musclemap.dashboards.tools;

import org.jspecify.annotations.NullMarked;
