/** The lab: starts the system under test and the generator on cores of their own, conducts the run, stops everything. */
@NullMarked
package me.musclemap.load.lab;

import org.jspecify.annotations.NullMarked;
