/** What a user works towards: archetypes, achievements, milestones, goals, the journey. */
@NullMarked
package me.musclemap.api.progress;

import org.jspecify.annotations.NullMarked;
