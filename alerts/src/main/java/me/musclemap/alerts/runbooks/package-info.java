/** A page for each alert: what it means, where to look, what to do, with the numbers of the run. */
@NullMarked
package me.musclemap.alerts.runbooks;

import org.jspecify.annotations.NullMarked;
