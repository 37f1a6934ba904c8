/** Windows the model had not seen, against the prediction sealed before them. */
@NullMarked
package me.musclemap.capacity.validate;

import org.jspecify.annotations.NullMarked;
