/** The page that shows a run while it goes on: server-sent events and drawings of its own, nothing from any other host. */
@NullMarked
package me.musclemap.load.view;

import org.jspecify.annotations.NullMarked;
