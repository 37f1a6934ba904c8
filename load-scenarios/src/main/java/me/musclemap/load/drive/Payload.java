package me.musclemap.load.drive;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import me.musclemap.load.schedule.Draws;
import me.musclemap.load.schedule.Resident;
import me.musclemap.load.workload.Placeholder;
import org.jspecify.annotations.Nullable;

/**
 * The values that go into one request of one resident. What is drawn depends on the resident, the moment of its session and the request,
 * never on the clock; times and ids that the server must not have seen before do.
 */
final class Payload implements Template.Values {
    private static final String[] VITALS = {"LCP", "FCP", "INP", "TTFB", "CLS"};
    /** Medians of the vitals in their own unit (milliseconds; CLS × 1000), an ordinary good site. */
    private static final double[] VITAL_MEDIAN = {1800, 1200, 120, 400, 40};

    private static final double[] VITAL_GOOD = {2500, 1800, 200, 800, 100};
    private static final double[] VITAL_POOR = {4000, 3000, 500, 1800, 250};
    private static final int EXERCISES = 218;

    private static final String[] MESSAGES = {
        "Leg day tomorrow?", "New best on the bench today!", "Same time at the rings?", "How many sets are you doing?"
    };
    private static final String[] BUCKETS = {"us-east", "us-west", "eu-west", "eu-central", "ap-south", "sa-east"};
    private static final int BULK_BYTES = 11 << 20;

    private final long datasetSeed;
    private final String run;
    private final Optional<Accounts> accounts;
    /** Ids of sets and workouts are drawn; this makes them another run's no more. */
    private final long runMark;

    private final Draws draws = new Draws(0);
    private SeededUser user;
    private String page = "/";
    private int vital;
    private double vitalValue;
    private @Nullable Resident current;

    /**
     * @param run sets this run's new accounts, workouts and sets apart from those of other runs on the same data: a server that has seen
     *     an id before takes the request for a repeated one, and does nothing
     * @param accounts who the users are at a target without a data set of ours
     */
    Payload(long datasetSeed, String run, Optional<Accounts> accounts) {
        this.datasetSeed = datasetSeed;
        this.run = run;
        runMark = Draws.start(run.hashCode(), 0);
        this.accounts = accounts;
        this.user = new SeededUser(datasetSeed, 0);
    }

    /** Makes the next values those of {@code resident}'s request number {@code lane}. */
    Payload of(Resident who, String path, int lane) {
        current = who;
        user = new SeededUser(datasetSeed, who.user());
        page = path;
        draws.restart(who.payloadStart(lane));
        vital = lane % VITALS.length;
        vitalValue = VITAL_MEDIAN[vital] * Math.exp(0.6 * (2 * draws.nextDouble() - 1));
        return this;
    }

    /** The address that the user's requests come from. */
    String address() {
        return user.address();
    }

    private Resident resident() {
        if (current == null) {
            throw new IllegalStateException("nobody to draw for");
        }
        return current;
    }

    private boolean signedUp() {
        var resident = resident();
        return resident.signedUpInSession == resident.session();
    }

    /** The account of this user at a target without our data; users beyond the last one share none. */
    private Optional<Accounts.Account> account() {
        return accounts.map(Accounts::all)
                .filter(all -> user.number() < all.size())
                .map(all -> all.get(user.number()));
    }

    private String newName() {
        var resident = resident();
        return "n" + run + "x" + resident.user() + "x" + resident.session();
    }

    @Override
    public String of(Placeholder placeholder) {
        var resident = resident();
        switch (placeholder) {
            case EMAIL:
                return signedUp()
                        ? newName() + "@headroom.example"
                        : account().map(Accounts.Account::email).orElseGet(user::email);
            case USERNAME:
                return signedUp()
                        ? newName()
                        : account().map(Accounts.Account::username).orElse("user" + user.number());
            case PASSWORD:
                return signedUp()
                        ? user.password()
                        : account().map(Accounts.Account::password).orElseGet(user::password);
            case WRONG_PASSWORD:
                return "guess-" + draws.nextInt(100_000);
            case CONVERSATION:
                return user.conversation();
            case PEER:
                return user.peer().id();
            case MESSAGE:
                return MESSAGES[draws.nextInt(MESSAGES.length)];
            case GEO_BUCKET:
                return BUCKETS[Math.floorMod(user.number(), BUCKETS.length)];
            case BULK:
                return "headroom".repeat(BULK_BYTES / 8);
            case WORKOUT:
                return resident.workout == null ? "" : resident.workout;
            case NEW_WORKOUT:
                return "ws_%08x%016x".formatted(resident.user(), draws.nextLong() ^ runMark);
            case EXERCISE:
                return "ex-%03d".formatted(1 + draws.nextInt(EXERCISES));
            case SET_NUMBER:
                return Integer.toString(resident.setsLogged + 1);
            case REPS:
                return Integer.toString(5 + draws.nextInt(8));
            case WEIGHT_KG:
                return decimal(20 + 2.5 * draws.nextInt(33));
            case RPE:
                return decimal(6 + 0.5 * draws.nextInt(9));
            case UUID:
                return new UUID(
                                (draws.nextLong() ^ runMark) & ~0xf000L | 0x4000L,
                                draws.nextLong() >>> 2 | Long.MIN_VALUE)
                        .toString();
            case LATITUDE:
                return decimal(42.3 + 0.2 * draws.nextDouble());
            case LONGITUDE:
                return decimal(-71.2 + 0.2 * draws.nextDouble());
            case DIGITS:
                return "%012d".formatted(draws.nextLong(1_000_000_000_000L));
            case PAGE:
                return page;
            case EPOCH_MILLIS:
                return Long.toString(System.currentTimeMillis());
            case ISO_TIME:
                return Instant.ofEpochMilli(System.currentTimeMillis()).toString();
            case CLIENT_SESSION:
                return "s" + run + "-" + resident.user() + "-" + resident.session();
            case VITAL_NAME:
                return VITALS[vital];
            case VITAL_VALUE:
                return Long.toString(Math.round(vitalValue));
            default:
                return vitalValue <= VITAL_GOOD[vital]
                        ? "good"
                        : vitalValue <= VITAL_POOR[vital] ? "needs-improvement" : "poor";
        }
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.4f", value).replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
