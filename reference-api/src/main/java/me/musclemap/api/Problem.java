package me.musclemap.api;

/**
 * Something a person must act on. The message is one line that names what is wrong, its value and what to do.
 */
public final class Problem extends RuntimeException {
    private final int exitCode;

    private Problem(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The environment failed: exit code 1. */
    public static Problem failed(String message) {
        return new Problem(1, message);
    }

    /** The environment failed because of {@code cause}, whose own words are put behind {@code what}: exit code 1. */
    public static Problem failed(String what, Exception cause) {
        var problem = new Problem(1, what + ": " + words(cause));
        problem.initCause(cause);
        return problem;
    }

    /** An argument or a file is wrong: exit code 2. */
    public static Problem usage(String message) {
        return new Problem(2, message);
    }

    /** The exit code of the program. */
    public int exitCode() {
        return exitCode;
    }

    private static String words(Exception cause) {
        String message = cause.getMessage();
        String text = message == null ? cause.getClass().getSimpleName() : message.strip();
        // File system exceptions carry only the path in front of the reason; others name themselves badly without their
        // type.
        String named = cause instanceof java.nio.file.FileSystemException other && other.getReason() == null
                ? reason(cause) + " (" + text + ")"
                : text;
        return named.replaceAll("\\s*\\R\\s*", " ");
    }

    private static String reason(Exception cause) {
        String name = cause.getClass().getSimpleName();
        return switch (name) {
            case "NoSuchFileException" -> "no such file";
            case "AccessDeniedException" -> "permission denied";
            case "FileAlreadyExistsException" -> "it exists already";
            default -> name;
        };
    }
}
