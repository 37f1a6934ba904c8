package me.musclemap.api;

import java.util.concurrent.Callable;
import me.musclemap.api.store.Schema;
import me.musclemap.telemetry.logs.JsonLogging;
import me.musclemap.telemetry.scrub.Scrubber;
import org.flywaydb.core.api.FlywayException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Brings a database to the schema of this version. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = "Bring a database to the schema of this version.")
final class MigrateCommand implements Callable<Integer> {
    @Option(
            names = "--jdbc-url",
            required = true,
            description = "PostgreSQL; not through a pooler in transaction mode.")
    private String jdbcUrl = "";

    @Option(names = "--db-user", required = true, description = "The owner of the database.")
    private String user = "";

    @Option(names = "--db-password", required = true, description = "Its password.")
    private String password = "";

    @Override
    public Integer call() {
        JsonLogging.start("reference-api-migrate", Main.VERSION, "WARN", new Scrubber());
        try {
            System.out.println("schema version " + Schema.migrate(jdbcUrl, user, password));
            return 0;
        } catch (FlywayException e) {
            throw Problem.failed("--jdbc-url=" + jdbcUrl, e);
        }
    }
}
