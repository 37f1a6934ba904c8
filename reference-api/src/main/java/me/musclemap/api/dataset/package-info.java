/** The seeded data set: a pure function of its seed and sizes. */
@NullMarked
package me.musclemap.api.dataset;

import org.jspecify.annotations.NullMarked;
