package me.musclemap.rum.sketch;

import me.musclemap.rum.beacon.Vital;

/** What answers are made from. */
public interface CellSource {
    /**
     * Shows every cell of a vital whose time overlaps the span. A cell is only good during the call.
     *
     * @param fromMillis first moment, rounded down to the cell's time
     * @param toMillis the moment after the last
     */
    void cells(Vital vital, long fromMillis, long toMillis, CellVisitor visitor);

    /** Shows every cell by group of sessions of a release; times as above. */
    void groups(Vital vital, String release, long fromMillis, long toMillis, GroupVisitor visitor);

    /** Shows the elements that a vital was attributed to; times as above. */
    void culprits(Vital vital, long fromMillis, long toMillis, CulpritVisitor visitor);

    /** Told of cells. */
    interface CellVisitor {
        /** One cell, whose time begins at {@code atMillis}. */
        void see(long atMillis, CellKey key, Cell cell);
    }

    /** Told of cells by group. */
    interface GroupVisitor {
        /** One cell. */
        void see(GroupKey key, Cell cell);
    }

    /** Told of elements. */
    interface CulpritVisitor {
        /** One element. */
        void see(CulpritKey key, Culprit culprit);
    }
}
