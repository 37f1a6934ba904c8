/** The programs of Prometheus, run as child processes. */
@NullMarked
package me.musclemap.alerts.tools;

import org.jspecify.annotations.NullMarked;
