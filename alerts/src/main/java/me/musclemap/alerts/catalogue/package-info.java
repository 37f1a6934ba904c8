/** The metric catalogue of telemetry-agent, read as data. */
@NullMarked
package me.musclemap.alerts.catalogue;

import org.jspecify.annotations.NullMarked;
