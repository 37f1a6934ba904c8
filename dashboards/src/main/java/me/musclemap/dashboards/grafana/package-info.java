/** The model of panels as Grafana's JSON, and what is checked of such JSON. */
@NullMarked
package me.musclemap.dashboards.grafana;

import org.jspecify.annotations.NullMarked;
