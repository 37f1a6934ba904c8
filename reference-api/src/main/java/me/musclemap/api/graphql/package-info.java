/** The GraphQL endpoint: documents, wiring, errors. */
@NullMarked
package me.musclemap.api.graphql;

import org.jspecify.annotations.NullMarked;
