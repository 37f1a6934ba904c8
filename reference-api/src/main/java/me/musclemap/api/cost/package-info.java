/** Making the service as dear as another one. */
@NullMarked
package me.musclemap.api.cost;

import org.jspecify.annotations.NullMarked;
