/** Grafana dashboards from one model of panels. */
@NullMarked
package me.musclemap.dashboards;

import org.jspecify.annotations.NullMarked;
