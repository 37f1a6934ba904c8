/** What users see and send of each other: the feed, high fives, presence. */
@NullMarked
package me.musclemap.api.social;

import org.jspecify.annotations.NullMarked;
