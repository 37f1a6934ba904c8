/** What can go wrong in a request, as the callers see it. */
@NullMarked
package me.musclemap.api.errors;

import org.jspecify.annotations.NullMarked;
