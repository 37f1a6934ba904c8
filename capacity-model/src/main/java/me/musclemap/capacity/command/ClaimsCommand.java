package me.musclemap.capacity.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import me.musclemap.capacity.claims.Claim;
import me.musclemap.capacity.claims.Claims;
import me.musclemap.capacity.plan.CapacityDocument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code capacity claims}: the plan's statements against each other, without a run. */
@Command(
        name = "claims",
        mixinStandardHelpOptions = true,
        description =
                "Check the plan's statements against each other; those that need figures of a run are decided by plan.")
public final class ClaimsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print one JSON array")
    private boolean json;

    /** For picocli, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    public ClaimsCommand() {}

    @Override
    public Integer call() throws JsonProcessingException {
        List<Claim> claims = Claims.shipped().decide(Map.of());
        var out = spec.commandLine().getOut();
        if (json) {
            var array = new ObjectMapper().createArrayNode();
            claims.forEach(c -> array.add(CapacityDocument.claim(c)));
            out.println(new ObjectMapper().writeValueAsString(array));
            return CommandLineAnswer.DONE;
        }
        for (Claim claim : claims) {
            out.printf("%-17s %-24s %s%n", claim.verdict(), claim.id(), claim.statement());
            out.printf("%-17s %-24s %s: %s%n", "", "", claim.place(), claim.why());
        }
        return CommandLineAnswer.DONE;
    }
}
