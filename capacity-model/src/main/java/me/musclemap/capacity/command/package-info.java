/** The commands fit, predict, plan and claims. */
@NullMarked
package me.musclemap.capacity.command;

import org.jspecify.annotations.NullMarked;
