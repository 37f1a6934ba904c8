package me.musclemap.api.bench;

import picocli.CommandLine.Command;

/** The measurements. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measurements that take minutes; each starts what it needs and prints a table.",
        subcommands = {PeerCommand.class, SocketsCommand.class, KillCommand.class, CacheCommand.class})
public final class BenchCommand {}
