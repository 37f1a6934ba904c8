package me.musclemap.capacity.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import me.musclemap.capacity.claims.Claim;
import me.musclemap.capacity.claims.Claims;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.measure.RunRecordReader;
import me.musclemap.capacity.plan.CapacityDocument;
import me.musclemap.capacity.plan.Phases;
import me.musclemap.capacity.plan.Planner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code capacity claims}: the plan's statements against each other, and against a run. */
@Command(
        name = "claims",
        mixinStandardHelpOptions = true,
        description = "Check the plan's statements against each other and, with --run, against what was measured.")
public final class ClaimsCommand implements Callable<Integer> {
    private static final int WIDTH = 110;
    private static final String INDENT = "    ";

    /** Verdicts in the order in which they are printed, in words. */
    private static final Map<String, String> VERDICTS = verdicts();

    @Spec
    private CommandSpec spec;

    @Option(names = "--run", paramLabel = "RUN_DIR", description = "decide what needs figures from this run record")
    private @Nullable Path directory;

    @Option(names = "--draws", defaultValue = "200", description = "alternatives to draw (default: ${DEFAULT-VALUE})")
    private int draws;

    @Option(
            names = "--verdict",
            paramLabel = "VERDICT",
            description =
                    "only these: doesNotHold, selfContradicted, undecided, untestable or holds; may be given again")
    private List<String> wanted = new ArrayList<>();

    @Option(names = "--json", description = "print one JSON array")
    private boolean json;

    /** For picocli, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    public ClaimsCommand() {}

    private static Map<String, String> verdicts() {
        var verdicts = new LinkedHashMap<String, String>();
        verdicts.put("doesNotHold", "do not hold");
        verdicts.put("selfContradicted", "are contradicted by the plan itself");
        verdicts.put("undecided", "are undecided");
        verdicts.put("untestable", "cannot be tested");
        verdicts.put("holds", "hold");
        return verdicts;
    }

    @Override
    public Integer call() {
        return CommandLineAnswer.of(spec.commandLine().getErr(), this::print);
    }

    private int print() throws IOException {
        for (String verdict : wanted) {
            if (!VERDICTS.containsKey(verdict)) {
                throw new MalformedInputException(
                        "--verdict=" + verdict + ": no such verdict; give " + String.join(", ", VERDICTS.keySet()));
            }
        }
        List<Claim> claims = decided().stream()
                .filter(c -> wanted.isEmpty() || wanted.contains(c.verdict()))
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            var array = new ObjectMapper().createArrayNode();
            claims.forEach(c -> array.add(CapacityDocument.claim(c)));
            out.println(new ObjectMapper().writeValueAsString(array));
        } else {
            print(out, claims);
        }
        out.flush();
        return CommandLineAnswer.DONE;
    }

    private List<Claim> decided() throws IOException {
        if (directory == null) {
            return Claims.shipped().decide(Map.of());
        }
        if (draws < 20) {
            throw new MalformedInputException("--draws=" + draws + ": at least 20 are needed for an interval");
        }
        var run = new RunRecordReader(directory).read();
        return new Planner(run, Phases.shipped(Map.of()), Claims.shipped(), draws, OptionalDouble.empty())
                .answer(Optional.empty(), "")
                .claims();
    }

    private void print(PrintWriter out, List<Claim> claims) {
        out.printf(
                "%d statements%s%n",
                claims.size(),
                directory == null ? "; those that need a run are undecided: --run RUN_DIR decides them" : "");
        VERDICTS.forEach((verdict, words) -> {
            List<Claim> these =
                    claims.stream().filter(c -> c.verdict().equals(verdict)).toList();
            if (!these.isEmpty()) {
                out.printf("%n%d %s%n", these.size(), words);
                these.forEach(claim -> print(out, claim));
            }
        });
    }

    private static void print(PrintWriter out, Claim claim) {
        out.println();
        wrapped(out, "  ", claim.statement() + " [" + claim.id() + "]");
        wrapped(out, INDENT, "plan " + claim.place());
        claim.formula().ifPresent(formula -> wrapped(out, INDENT, "if     " + formula));
        wrapped(out, INDENT, "why    " + claim.why());
        claim.wouldHoldIf().ifPresent(condition -> wrapped(out, INDENT, "holds if " + condition));
    }

    private static void wrapped(PrintWriter out, String indent, String text) {
        var line = new StringBuilder(indent);
        for (String word : text.split(" ", -1)) {
            if (line.length() + word.length() > WIDTH && line.length() > indent.length() + 9) {
                out.println(line.toString().stripTrailing());
                line = new StringBuilder(indent + "       ");
            }
            line.append(word).append(' ');
        }
        out.println(line.toString().stripTrailing());
    }
}
