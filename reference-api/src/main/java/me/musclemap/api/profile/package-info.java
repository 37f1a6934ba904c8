/** What a user sees of himself: statistics, money, companion, tips. */
@NullMarked
package me.musclemap.api.profile;

import org.jspecify.annotations.NullMarked;
