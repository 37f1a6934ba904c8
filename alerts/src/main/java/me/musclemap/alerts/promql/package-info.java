/** PromQL read as far as names, labels and reachable values can be known before it runs. */
@NullMarked
package me.musclemap.alerts.promql;

import org.jspecify.annotations.NullMarked;
