/** PostgreSQL and Redis from Maven artefacts, started as children of this program and stopped with it. */
@NullMarked
package me.musclemap.api.embedded;

import org.jspecify.annotations.NullMarked;
