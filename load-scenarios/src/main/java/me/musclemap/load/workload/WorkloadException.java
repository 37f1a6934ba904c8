package me.musclemap.load.workload;

/** A workload file that a person has to correct. The message names the file, the key, what is wrong and what to write. */
public final class WorkloadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WorkloadException(String file, String key, String problem, String remedy) {
        super(file + ": " + (key.isEmpty() ? "" : key + ": ") + problem + ": " + remedy);
    }
}
