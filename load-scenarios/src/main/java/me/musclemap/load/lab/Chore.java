package me.musclemap.load.lab;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Work that the stack does at intervals when nobody measures. A measuring run has it done once by itself, so that its cost is
 * known and falls into no window by chance.
 *
 * @param name as in the record
 * @param everySeconds how often it comes otherwise
 * @param done does it and waits; empty when it was done, else why not
 */
record Chore(String name, double everySeconds, Supplier<Optional<String>> done) {}
