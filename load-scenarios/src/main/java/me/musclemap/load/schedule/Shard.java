package me.musclemap.load.schedule;

/**
 * One of several generators that play one schedule between them: each resident belongs to exactly one, by a hash of who it is, so that the
 * union of all shards is the unsharded run, draw by draw.
 *
 * @param index from 0
 * @param count how many there are; 1 for a run in one piece
 */
public record Shard(int index, int count) {
    /** The run in one piece. */
    public static final Shard WHOLE = new Shard(0, 1);

    public Shard {
        if (count < 1 || index < 0 || index >= count) {
            throw new IllegalArgumentException("shard " + index + " of " + count);
        }
    }

    boolean plays(long identity) {
        return Math.floorMod(Draws.start(identity, 17), count) == index;
    }
}
