/** The script that pages load, and the pages that the collector shows. */
@NullMarked
package me.musclemap.rum.browser;

import org.jspecify.annotations.NullMarked;
