package me.musclemap.load.drive;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import me.musclemap.load.schedule.Resident;
import me.musclemap.load.schedule.Residents;
import me.musclemap.load.schedule.Shard;
import me.musclemap.load.workload.Operation;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Plays one session of one user, from its first page to its last, and shows every request and its answer. Pauses are named and not
 * waited for; of what a page polls, only the first few rounds are played.
 */
public final class OneUser implements Residents.Sender {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SHOWN = 400;
    private static final int POLLS_SHOWN = 3;

    private final Workload workload;
    private final URI api;
    private final boolean clientAddresses;
    private final Payload payload;
    private final PrintStream out;
    private final HttpClient http;
    private final Map<String, OperationPlan> plans = new TreeMap<>();
    private final Residents residents;
    private long now;
    private int polls;
    private int sent;
    private int failed;
    private boolean over;

    /**
     * A user of this target.
     *
     * @param accounts who the user is at a target without our data set; the first one is played
     */
    public OneUser(
            Workload workload,
            URI api,
            Optional<URI> rum,
            long seed,
            Optional<Path> accounts,
            boolean clientAddresses,
            PrintStream out) {
        this.workload = workload;
        this.api = api;
        this.clientAddresses = clientAddresses;
        this.out = out;
        payload = new Payload(seed, "d" + Long.toString(System.currentTimeMillis(), 36), accounts.map(Accounts::read));
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        residents = new Residents(workload, seed, 1_000_000, Shard.WHOLE);
        var settings = settings(api, rum, seed);
        workload.operations().forEach((name, operation) -> plans.put(name, new OperationPlan(operation, settings)));
    }

    private static GeneratorSettings settings(URI api, Optional<URI> rum, long seed) {
        return new GeneratorSettings(
                api,
                rum,
                Path.of(""),
                seed,
                seed,
                1,
                Optional.empty(),
                Path.of(""),
                1,
                java.util.OptionalInt.empty(),
                1,
                1,
                false,
                Optional.empty(),
                true,
                Optional.empty());
    }

    /**
     * Plays the heaviest journey of the workload, and gives how many requests failed.
     *
     * @throws GeneratorException when the target does not answer
     */
    public int play() {
        var journey = workload.journeys().stream()
                .max(java.util.Comparator.comparingDouble(each -> each.weight()))
                .orElseThrow();
        out.printf("one user on the journey '%s' of %s at %s%n%n", journey.name(), workload.name(), api);
        try {
            residents.settle(residents.recruit(Map.of(journey.name(), 1)));
        } catch (Residents.TooFewUsersException e) {
            throw new IllegalStateException("one user is never too many", e);
        }
        residents.wake(Map.of(journey.name(), 1), 0);
        while (!over) {
            now = residents.nextDue();
            residents.sendDue(now, this);
        }
        out.printf("%n%,d requests, %d failed%n", sent, failed);
        return failed;
    }

    @Override
    public void send(Resident resident, Operation operation, Residents.Purpose purpose, int lane, long due) {
        // Residents stand in the middle of a session at first: what is left of it is skipped, and the next one is
        // played whole.
        if (resident.session() == 0 || resident.session() > 1) {
            over = resident.session() > 1;
            answered(resident, operation, purpose, true);
            return;
        }
        polls = purpose == Residents.Purpose.POLL ? polls + 1 : purpose == Residents.Purpose.STEP ? 0 : polls;
        if (purpose == Residents.Purpose.POLL && polls > POLLS_SHOWN) {
            return;
        }
        boolean ok = exchange(resident, operation, purpose, lane);
        answered(resident, operation, purpose, ok);
    }

    private void answered(Resident resident, Operation operation, Residents.Purpose purpose, boolean ok) {
        if (purpose == Residents.Purpose.STEP) {
            residents.stepAnswered(resident, operation, ok, now);
        }
    }

    private boolean exchange(Resident resident, Operation operation, Residents.Purpose purpose, int lane) {
        if (operation.effect() == Operation.Effect.BEGINS_ACCOUNT) {
            resident.beginAccount();
        }
        var plan = plans.get(operation.name());
        if (plan == null) {
            throw new IllegalStateException("no plan for " + operation.name());
        }
        var values = payload.of(resident, resident.path(), lane);
        var url = plan.url.text(values);
        var body = new String(plan.body.bytes(values), StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
        request.method(
                plan.post ? "POST" : "GET",
                plan.post ? HttpRequest.BodyPublishers.ofString(body) : HttpRequest.BodyPublishers.noBody());
        if (plan.post) {
            request.header("Content-Type", "application/json");
        }
        if (clientAddresses) {
            request.header("X-Forwarded-For", payload.address());
        }
        if (resident.token != null && operation.token() != Operation.Token.NONE) {
            request.header("Authorization", "Bearer " + resident.token);
        }
        out.printf(
                "%s  %s %s%s%n",
                at(), plan.post ? "POST" : "GET", url, purpose == Residents.Purpose.STEP ? "" : "  (" + purpose + ")");
        if (plan.post) {
            out.println("    > " + shortened(body));
        }
        return judge(resident, operation, answer(request.build()));
    }

    private HttpResponse<String> answer(HttpRequest request) {
        try {
            sent++;
            return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new GeneratorException(api + ": no answer to " + request.uri() + " ("
                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()) + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GeneratorException("interrupted");
        }
    }

    private boolean judge(Resident resident, Operation operation, HttpResponse<String> answer) {
        var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        boolean status = answer.statusCode() / 100 == 2 || operation.expects().contains(answer.statusCode());
        boolean errors = operation.kind() == Operation.Kind.GRAPHQL && Answer.hasErrors(bytes) && !operation.mayFail();
        boolean ok = status && !errors;
        failed += ok ? 0 : 1;
        out.printf(
                "    < %d, %,d bytes%s  %s%n",
                answer.statusCode(), bytes.length, ok ? "" : "  FAILED", shortened(answer.body()));
        if (ok) {
            keep(resident, operation, bytes);
        }
        return ok;
    }

    private static void keep(Resident resident, Operation operation, byte[] body) {
        switch (operation.effect()) {
            case KEEPS_TOKEN -> resident.token = first(body, List.of("token", "accessToken"));
            case KEEPS_WORKOUT -> {
                resident.workout = Answer.text(body, "session", "id").orElse(null);
                resident.setsLogged = 0;
            }
            case ENDS_WORKOUT -> resident.workout = null;
            default -> resident.setsLogged += operation.needsWorkout() ? 1 : 0;
        }
    }

    private static @Nullable String first(byte[] body, List<String> keys) {
        return keys.stream()
                .flatMap(key -> Answer.text(body, key, key).stream())
                .findFirst()
                .orElse(null);
    }

    private String at() {
        return String.format(Locale.ROOT, "%7.1f s", now / 1e9);
    }

    private static String shortened(String text) {
        var line = text.replaceAll("\\s+", " ").replaceAll("(\"(?:password|token|accessToken)\":\")[^\"]*", "$1***");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }
}
