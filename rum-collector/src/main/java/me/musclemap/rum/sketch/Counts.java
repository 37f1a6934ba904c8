package me.musclemap.rum.sketch;

/** Where changes are counted. */
public interface Counts {
    /** Counts a value in, and says under which key: another than asked for when there is no room. */
    CellKey put(Change change);

    /** Counts a value out that was {@link #put} under the key of {@code change}; false if its cell is gone. */
    boolean take(Change change);

    /** The time goes on to this minute. */
    void reach(long minute);
}
