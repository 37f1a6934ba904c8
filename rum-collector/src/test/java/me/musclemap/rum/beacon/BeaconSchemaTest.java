package me.musclemap.rum.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BeaconSchemaTest {
    private static final Path CONTRACT =
            Path.of(System.getProperty("repo.root")).resolve("rum-collector/contract");

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void theExampleIsAsTheSchemaSaysAndEveryValueInItIsRead() throws Exception {
        byte[] example = Files.readAllBytes(CONTRACT.resolve("examples/page-view.json"));
        JsonNode tree = json.readTree(example);

        assertThat(schema().validate(tree)).isEmpty();
        Beacon beacon = new BeaconDecoder().decode(example);
        assertThat(beacon.rejections()).isEmpty();
        assertThat(beacon.measurements())
                .hasSize(tree.path("m").size() + tree.path("c").size());
        assertThat(beacon.release()).isEqualTo("1.4.2");
    }

    @Test
    void aBeaconWithoutPageViewOrWithAnUnknownMetricIsNot() throws IOException {
        var tree = (ObjectNode) json.readTree(Files.readAllBytes(CONTRACT.resolve("examples/page-view.json")));

        assertThat(schema().validate(tree.deepCopy().without("p"))).isNotEmpty();
        var unknown = tree.deepCopy();
        ((ObjectNode) unknown.at("/m/0")).put("n", "XYZ");
        assertThat(schema().validate(unknown)).isNotEmpty();
    }

    private JsonSchema schema() throws IOException {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(CONTRACT.resolve("beacon.schema.json")));
    }
}
