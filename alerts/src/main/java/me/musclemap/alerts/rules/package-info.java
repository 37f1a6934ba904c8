/** The one model of recording rules and alerts, its rule file, and what is checked of it. */
@NullMarked
package me.musclemap.alerts.rules;

import org.jspecify.annotations.NullMarked;
