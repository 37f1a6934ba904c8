package me.musclemap.load.drive;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrittenSetsTest {
    private static final long SEED = 7;

    @TempDir
    private Path directory;

    /** Looks for these notes at a server that gives each user this answer. */
    private WrittenSets.Found look(List<String> notes, Map<Integer, String> answers) throws Exception {
        var key = new ECKeyGenerator(Curve.P_256).keyID("test").generate();
        var keyFile = Files.writeString(directory.resolve("key.json"), key.toJSONString());
        var writes = Files.write(directory.resolve("writes"), notes);
        var byId = new HashMap<String, String>();
        answers.forEach((user, answer) -> byId.put(new SeededUser(SEED, user).id(), answer));
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/graphql", exchange -> {
            var token = exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
            exchange.getRequestBody().readAllBytes();
            byte[] body;
            try {
                body = byId.getOrDefault(
                                SignedJWT.parse(token).getJWTClaimsSet().getSubject(), "{}")
                        .getBytes(StandardCharsets.UTF_8);
            } catch (java.text.ParseException e) {
                body = e.toString().getBytes(StandardCharsets.UTF_8);
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            var api = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            return WrittenSets.look(api, keyFile, SEED, writes, 1000);
        } finally {
            server.stop(0);
        }
    }

    private static String workout(String id, String... sets) {
        var list = List.of(sets).stream().map("{\"id\":\"%s\"}"::formatted).toList();
        return "{\"data\":{\"activeWorkoutSession\":{\"id\":\"%s\",\"sets\":[%s]}}}"
                .formatted(id, String.join(",", list));
    }

    @Test
    void aSetThatIsGoneIsLostAndAnOldOneIsNotLookedFor() throws Exception {
        var found = look(List.of("1 w1 s0 900", "1 w1 s1 1000", "1 w1 s2 2000"), Map.of(1, workout("w1", "s1")));
        assertThat(found).isEqualTo(new WrittenSets.Found(2, 1, 0, 0));
        assertThat(found.words()).isEqualTo("Of 2 acknowledged sets that can still be seen, 1 were lost.");
    }

    @Test
    void aWorkoutThatNobodyEndedAndThatIsGoneIsLostWithAllItsSets() throws Exception {
        var found = look(
                List.of("1 w1 s1 1000", "1 w1 s2 2000", "2 w2 s3 2000"),
                Map.of(1, "{\"data\":{\"activeWorkoutSession\":null}}", 2, workout("another")));
        assertThat(found).isEqualTo(new WrittenSets.Found(3, 3, 0, 0));
    }

    @Test
    void aWorkoutThatWasAskedToEndIsOverAndAUserWhoGetsAnErrorWasNotAsked() throws Exception {
        var found = look(
                List.of("1 w1 s1 1000", "1 w1 over 1500", "2 w2 s3 2000", "3 w3 s4 2000", "3 w3 over 2500"),
                Map.of(
                        1, "{\"data\":{\"activeWorkoutSession\":null}}",
                        2, "{\"errors\":[{\"message\":\"w2 s3\"}],\"data\":null}",
                        3, workout("w3", "s4")));
        assertThat(found).isEqualTo(new WrittenSets.Found(1, 0, 1, 1));
        assertThat(found.words())
                .contains("none was lost", "1 more are in workouts that may be over", "of 1 the server");
    }
}
