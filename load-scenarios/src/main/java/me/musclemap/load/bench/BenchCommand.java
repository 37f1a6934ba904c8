package me.musclemap.load.bench;

import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Supplier;
import me.musclemap.load.lab.LabConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code load bench}: what the generator can do and what it costs, measured here. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description =
                "What the generator can do and what it costs, measured here; each takes minutes and prints a table.",
        subcommands = {
            CostCommand.class,
            PeersCommand.class,
            OmissionCommand.class,
            CeilingCommand.class,
            SocketsCommand.class
        })
public final class BenchCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** For picocli. */
    public BenchCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a bench: cost, peers, omission, ceiling or sockets");
    }

    /** The bench of this class; empty when it is none. */
    public static <K> Optional<K> made(Class<K> type, Supplier<LabConfig> config, PrintStream out, PrintStream err) {
        if (type == CostCommand.class) {
            return Optional.of(type.cast(new CostCommand(config, out, err)));
        }
        if (type == PeersCommand.class) {
            return Optional.of(type.cast(new PeersCommand(config, out, err)));
        }
        if (type == OmissionCommand.class) {
            return Optional.of(type.cast(new OmissionCommand(config, out, err)));
        }
        if (type == CeilingCommand.class) {
            return Optional.of(type.cast(new CeilingCommand(config, out, err)));
        }
        if (type == SocketsCommand.class) {
            return Optional.of(type.cast(new SocketsCommand(config, out, err)));
        }
        return Optional.empty();
    }
}
