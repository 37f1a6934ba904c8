package me.musclemap.capacity.solve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Function;
import me.musclemap.capacity.network.ProductForm;
import me.musclemap.capacity.regression.NotIdentifiableException;
import me.musclemap.capacity.solve.Answer.Reason;

/** A list of cases, and their answers by id. */
public final class CaseFile {
    /** NaN in one case spoils that case, not the file. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Map<String, Function<Inputs, Answer>> SOLVERS = Map.ofEntries(
            Map.entry("usl-fit", ScalabilityCases::fit),
            Map.entry("usl-inverse", ScalabilityCases::inverse),
            Map.entry("mmc", QueueCases::multiServer),
            Map.entry("erlang", QueueCases::erlang),
            Map.entry("mmck", QueueCases::finite),
            Map.entry("mg1", QueueCases::singleServer),
            Map.entry("percentile-exact", QueueCases::constantService),
            Map.entry("percentile-simulated", SimulatedCases::solve),
            Map.entry("open", NetworkCases::open),
            Map.entry("closed-1class", NetworkCases::closed),
            Map.entry("closed-multiclass", NetworkCases::closed),
            Map.entry("numerical-stability", NetworkCases::closed),
            Map.entry("large-population", NetworkCases::closed),
            Map.entry("bounds", NetworkCases::bounds),
            Map.entry("mixed", NetworkCases::mixed),
            Map.entry("finite-pool", PoolCases::solve),
            Map.entry("demand-regression", RegressionCases::solve),
            Map.entry("cache", CacheCases::solve),
            Map.entry("seed-arithmetic", CacheCases::arithmetic),
            Map.entry("growth", GrowthCases::solve),
            Map.entry("headroom", HeadroomCases::solve));

    private final JsonNode cases;

    private CaseFile(JsonNode cases) {
        this.cases = cases;
    }

    /**
     * Reads {@code {"cases": [{"id", "category", "inputs"}, ...]}}.
     *
     * @throws IllegalArgumentException if the text is not such a list; the message says where
     */
    public static CaseFile of(String text) {
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not JSON at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": mend it there",
                    e);
        }
        JsonNode cases = root.isArray() ? root : root.path("cases");
        if (!cases.isArray()) {
            throw new IllegalArgumentException(
                    "no list 'cases': give {\"cases\": [{\"id\", \"category\", \"inputs\"}]}");
        }
        return new CaseFile(cases);
    }

    /** The answers as JSON: {@code {"results": {id: {...}}}}. */
    public String solve() {
        ObjectNode results = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cases.size(); i++) {
            JsonNode one = cases.get(i);
            String id = one.path("id").isValueNode() ? one.path("id").asText() : "cases[" + i + "]";
            results.set(id, answer(one).node());
        }
        return JsonNodeFactory.instance
                .objectNode()
                .<ObjectNode>set("results", results)
                .toPrettyString();
    }

    private static Answer answer(JsonNode one) {
        String category = one.path("category").asText();
        Function<Inputs, Answer> solver = SOLVERS.get(category);
        if (solver == null) {
            return Answer.infeasible(Reason.INVALID_INPUT, "category: '" + category + "' is not known");
        }
        if (!one.path("inputs").isObject()) {
            return Answer.infeasible(Reason.INVALID_INPUT, "inputs: is missing, or is not an object");
        }
        try {
            return solver.apply(new Inputs(one.path("inputs")));
        } catch (ProductForm.UnstableException e) {
            return Answer.infeasible(Reason.UNSTABLE, message(e));
        } catch (ProductForm.UnboundedException e) {
            return Answer.infeasible(Reason.INFEASIBLE, message(e));
        } catch (NotIdentifiableException e) {
            return Answer.infeasible(Reason.NOT_IDENTIFIABLE, message(e));
        } catch (InvalidInputException | IllegalArgumentException e) {
            return Answer.infeasible(Reason.INVALID_INPUT, message(e));
        } catch (ArithmeticException
                | IllegalStateException e) { // one case without an end must not cost the others theirs
            return Answer.infeasible(Reason.INFEASIBLE, "inputs: numbers that no solution is found for: " + message(e));
        } catch (OutOfMemoryError e) {
            return Answer.infeasible(Reason.INFEASIBLE, "inputs: too large for the memory: give java a larger -Xmx");
        }
    }

    private static String message(RuntimeException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
