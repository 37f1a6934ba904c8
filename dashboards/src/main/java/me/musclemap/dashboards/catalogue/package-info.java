/** The metric catalogue of telemetry-agent, read as data. */
@NullMarked
package me.musclemap.dashboards.catalogue;

import org.jspecify.annotations.NullMarked;
