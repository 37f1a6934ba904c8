package me.musclemap.load.merge;

/** A shard that cannot be driven, or shards that cannot be merged; the text names the value and what to do. */
public final class ShardException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private ShardException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static ShardException wrong(String message) {
        return new ShardException(2, message);
    }

    static ShardException failed(String message) {
        return new ShardException(1, message);
    }

    /** Exit code of the process: 2 for wrong input, 1 when a program, the disk or the target failed. */
    public int exitCode() {
        return exitCode;
    }
}
