/** Alert rules with thresholds from the model. */
@NullMarked
package me.musclemap.alerts;

import org.jspecify.annotations.NullMarked;
