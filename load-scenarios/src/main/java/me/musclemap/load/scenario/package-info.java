/** What a scenario drives, second by second, and the verdict it ends with. Nothing here starts a process. */
@NullMarked
package me.musclemap.load.scenario;

import org.jspecify.annotations.NullMarked;
