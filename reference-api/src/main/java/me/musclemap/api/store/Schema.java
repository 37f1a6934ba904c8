package me.musclemap.api.store;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** The schema of the core domain, as numbered migrations. */
public final class Schema {
    /** Sees one user's rows; statements in a user's name run as this role. */
    public static final String MEMBER_ROLE = "musclemap_member";

    private Schema() {}

    /** Makes the tables only, without keys to other tables, indexes and views: a data set loads faster so. */
    public static void createTables(String jdbcUrl, String user, String password) {
        flyway(jdbcUrl, user, password)
                .target(MigrationVersion.fromVersion("1"))
                .load()
                .migrate();
    }

    /** Brings the schema to its newest version and returns that. */
    public static String migrate(String jdbcUrl, String user, String password) {
        var result = flyway(jdbcUrl, user, password).load().migrate();
        String version = result.targetSchemaVersion;
        return version == null ? String.valueOf(result.initialSchemaVersion) : version;
    }

    private static FluentConfiguration flyway(String jdbcUrl, String user, String password) {
        return Flyway.configure(Schema.class.getClassLoader())
                .dataSource(jdbcUrl, user, password)
                .locations("classpath:db/migration")
                .loggers("slf4j")
                .failOnMissingLocations(true);
    }
}
