package me.musclemap.capacity.queue;

/** How a station shares its servers. */
public enum Discipline {
    /** One request for each server, the rest in a queue by order of arrival. */
    FIRST_COME_FIRST_SERVED,
    /** Everybody at once, each at rate {@code min(1, servers / present)}: cores under a fair scheduler. */
    PROCESSOR_SHARING
}
