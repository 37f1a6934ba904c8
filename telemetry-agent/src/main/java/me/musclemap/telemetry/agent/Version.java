package me.musclemap.telemetry.agent;

import picocli.CommandLine.IVersionProvider;

/** The version this program was built as. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {"headroom agent " + (version == null ? "development" : version)};
    }
}
