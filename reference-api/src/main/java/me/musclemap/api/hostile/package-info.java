/** Requests that mean harm, by the thousand, to see that none makes the service fail. */
@NullMarked
package me.musclemap.api.hostile;

import org.jspecify.annotations.NullMarked;
