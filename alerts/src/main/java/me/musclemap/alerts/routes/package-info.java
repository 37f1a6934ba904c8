/** Who is told of which alert, and which alerts hide others. */
@NullMarked
package me.musclemap.alerts.routes;

import org.jspecify.annotations.NullMarked;
