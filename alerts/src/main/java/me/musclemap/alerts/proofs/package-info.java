/** Rule unit tests for promtool: each alert is shown to fire and not to fire. */
@NullMarked
package me.musclemap.alerts.proofs;

import org.jspecify.annotations.NullMarked;
