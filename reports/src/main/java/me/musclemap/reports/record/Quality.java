package me.musclemap.reports.record;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a run may be trusted. */
public enum Quality {
    @JsonProperty("valid")
    VALID,
    @JsonProperty("indicative")
    INDICATIVE,
    @JsonProperty("notValid")
    NOT_VALID
}
