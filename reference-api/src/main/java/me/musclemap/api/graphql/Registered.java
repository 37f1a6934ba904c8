package me.musclemap.api.graphql;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import graphql.language.AstPrinter;
import graphql.language.AstTransformer;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.Node;
import graphql.language.NodeVisitorStub;
import graphql.parser.Parser;
import graphql.util.TraversalControl;
import graphql.util.TraverserContext;
import graphql.util.TreeTransformerUtil;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Documents of the product's own clients that the rule for strangers would refuse. Someone looked at each and wrote down how
 * long its lists are, so its cost is exact; they are listed in {@code contract/registered-operations.json}. A document is
 * recognised however it is laid out, and with {@code __typename} added.
 */
final class Registered {
    /** No list of a registered document may make it cost more. */
    static final int COST_MAX = 1_500;

    private static final String CONTRACT = "/contract/registered-operations.json";

    private final Map<String, Operation> byShape = new HashMap<>();
    private final Map<String, String> byHash = new HashMap<>();

    /** @param lengths how many elements each list holds, by {@code Type.field} */
    record Operation(
            @JsonProperty("name") String name,
            @JsonProperty("document") String document,
            @JsonProperty("lengths") Map<String, Integer> lengths) {
        Operation {
            lengths = Map.copyOf(lengths);
        }
    }

    private Registered(List<Operation> operations) {
        for (Operation operation : operations) {
            byShape.put(shape(Parser.parse(operation.document())), operation);
            byHash.put(PersistedQueries.hash(operation.document()), operation.document());
        }
    }

    static Registered shipped() {
        try (var in = Registered.class.getResourceAsStream(CONTRACT)) {
            if (in == null) {
                throw new IllegalStateException(CONTRACT + " is not on the class path");
            }
            return new Registered(new ObjectMapper().readValue(in, new TypeReference<List<Operation>>() {}));
        } catch (IOException e) {
            throw new IllegalStateException(CONTRACT + " cannot be read", e);
        }
    }

    /** The lengths of the lists of {@code document}, if it is registered. */
    Optional<Map<String, Integer>> lengths(Document document) {
        Operation operation = byShape.get(shape(document));
        return operation == null ? Optional.empty() : Optional.of(operation.lengths());
    }

    /** The text of the registered document with this sha256. */
    Optional<String> byHash(String hash) {
        return Optional.ofNullable(byHash.get(hash));
    }

    private static String shape(Document document) {
        Node<?> plain = new AstTransformer().transform(document, new NodeVisitorStub() {
            @Override
            @SuppressWarnings("rawtypes") // the library's visitors are raw
            public TraversalControl visitField(Field field, TraverserContext<Node> context) {
                return field.getName().equals("__typename")
                        ? TreeTransformerUtil.deleteNode(context)
                        : TraversalControl.CONTINUE;
            }
        });
        return AstPrinter.printAstCompact(plain);
    }
}
