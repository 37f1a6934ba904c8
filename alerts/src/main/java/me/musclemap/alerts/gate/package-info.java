/** A gate for deploys: whether the measured capacity meets its objective. */
@NullMarked
package me.musclemap.alerts.gate;

import org.jspecify.annotations.NullMarked;
