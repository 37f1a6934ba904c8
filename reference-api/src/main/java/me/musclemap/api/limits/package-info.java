/** What keeps one caller, or all of them, from taking more than there is. */
@NullMarked
package me.musclemap.api.limits;

import org.jspecify.annotations.NullMarked;
