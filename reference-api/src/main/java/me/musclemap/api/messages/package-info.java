/** Conversations and what is said in them. */
@NullMarked
package me.musclemap.api.messages;

import org.jspecify.annotations.NullMarked;
