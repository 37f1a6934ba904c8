package me.musclemap.api.limits;

import java.util.Optional;
import me.musclemap.api.accounts.Viewer;

/**
 * Who is at the other end.
 *
 * @param address where from; empty for a program on this machine that no proxy speaks for: its operator's
 */
public record Caller(Viewer viewer, Optional<String> address) {}
