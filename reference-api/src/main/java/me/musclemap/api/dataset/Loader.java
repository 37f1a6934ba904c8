package me.musclemap.api.dataset;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import me.musclemap.api.accounts.PasswordHash;
import me.musclemap.api.dataset.ReferenceRows.Activation;
import me.musclemap.api.dataset.ReferenceRows.Exercise;
import org.jspecify.annotations.Nullable;

/** Fills empty tables with a data set, table by table, by COPY. Used once. */
public final class Loader {
    private static final Duration HISTORY = Duration.ofDays(180);
    private static final Duration SESSION_MAX = Duration.ofMinutes(45);
    private static final int SETS_PER_WORKOUT = 2;
    private static final String[][] PLACES = {
        {"United States", "US", "Massachusetts", "Boston"}, {"United States", "US", "New York", "New York"},
        {"United States", "US", "California", "Los Angeles"}, {"United States", "US", "Texas", "Austin"},
        {"Germany", "DE", "Hesse", "Frankfurt"}, {"Germany", "DE", "Berlin", "Berlin"},
        {"France", "FR", "Ile-de-France", "Paris"}, {"United Kingdom", "GB", "England", "London"},
        {"Singapore", "SG", "Central", "Singapore"}, {"Japan", "JP", "Tokyo", "Tokyo"},
        {"Brazil", "BR", "Sao Paulo", "Sao Paulo"}, {"Australia", "AU", "Victoria", "Melbourne"},
    };
    private static final String[] RANKS = {
        "novice", "trainee", "apprentice", "practitioner", "journeyperson", "expert", "master", "grandmaster"
    };
    private static final int[] RANK_XP = {0, 100, 500, 1_500, 4_000, 10_000, 25_000, 60_000};

    private final DataSet set;
    private final Consumer<String> progress;
    private final MessageDigest digest;
    private final ReferenceRows reference;
    private final String[] userIds;
    private @Nullable Connection connection;

    /** {@code progress} is told a line a table. */
    public Loader(DataSet set, Consumer<String> progress) {
        this.set = set;
        this.progress = progress;
        this.reference = new ReferenceRows(set);
        this.userIds = IntStream.range(0, set.users()).mapToObj(set::userId).toArray(String[]::new);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Loads the tables of the first migration in one transaction, through {@code connection}. */
    public void load(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        progress.accept("reference rows: 44 muscles, " + DataSet.EXERCISES + " exercises");
        loadReference();
        progress.accept(set.users() + " users");
        loadUsers();
        loadProfiles();
        loadMoney();
        loadCompanions();
        progress.accept(set.workouts() + " workouts and their sets");
        loadWorkouts();
        progress.accept((set.users() + 1) / 2 + " workouts in progress");
        loadSessions();
        progress.accept("conversations, sleep, achievements, leaderboards");
        loadConversations();
        loadHistory();
        try (var rows = table("data_set", "anchor, seed, users, workouts")) {
            rows.add(DataSet.ANCHOR)
                    .add(set.seed())
                    .add(set.users())
                    .add(set.workouts())
                    .end();
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    /** Loads the small tables of later migrations, and returns the sha256 of all rows, lower-case hex. */
    public String loadLater(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        loadArchetypes();
        loadAims();
        connection.commit();
        connection.setAutoCommit(true);
        return HexFormat.of().formatHex(digest.digest());
    }

    private void loadArchetypes() throws SQLException {
        try (var rows = table("archetype_categories", "id, name, description, icon, display_order")) {
            for (int i = 0; i < 13; i++) {
                rows.add("category-" + i)
                        .add("Category " + i)
                        .add("Archetypes that train alike, group " + i)
                        .add("icon-" + i)
                        .add(i)
                        .end();
            }
        }
        String[] levels = {"Novice", "Regular", "Skilled", "Expert", "Master"};
        try (var rows = table("identity_levels", "identity_id, level, name, total_tu")) {
            for (int i = 0; i < 100; i++) {
                int count = i < 60 ? 5 : 4;
                for (int level = 1; level <= count; level++) {
                    rows.add("identity-" + i)
                            .add(level)
                            .add(levels[level - 1])
                            .add(250 * (level - 1) * level)
                            .end();
                }
            }
        }
    }

    private void loadAims() throws SQLException {
        var random = set.random("aims");
        try (var rows = table(
                "user_goals",
                "id, user_id, goal_type, title, target_value, target_unit, current_value, target_date, created_at, updated_at")) {
            for (int i = 0; i < set.users(); i += 4) {
                Instant created = before(random, HISTORY);
                rows.add("goal_" + set.hash24("goal:" + i))
                        .add(userIds[i])
                        .add("workouts")
                        .add("Train more often")
                        .add(random.nextInt(10, 60))
                        .add("workouts")
                        .add(random.nextInt(10))
                        .add("2026-06-30")
                        .add(created)
                        .add(created)
                        .end();
            }
        }
        try (var rows = table("sleep_goals", "id, user_id, target_hours, target_bed_time, target_wake_time")) {
            for (int i = 0; i < set.users(); i += 20) {
                rows.add("sg_" + set.hash24("sleep-goal:" + i))
                        .add(userIds[i])
                        .add(random.nextInt(14, 19) / 2.0)
                        .add("22:30")
                        .add("06:30")
                        .end();
            }
        }
        try (var rows = table("activity_likes", "event_id, user_id, created_at")) {
            for (int i = 0; i < set.users() / 4; i++) {
                rows.add("evt_" + set.hash24("event:" + i))
                        .add(userIds[random.nextInt(set.users())])
                        .add(DataSet.ANCHOR)
                        .end();
            }
        }
        try (var rows = table("user_settings", "user_id, theme, limitations, equipment_inventory")) {
            for (int i = 0; i < set.users(); i += 4) {
                rows.add(userIds[i])
                        .add(i % 8 == 0 ? "dark" : "light")
                        .add("[]")
                        .add(json(List.of("dumbbell", "mat")))
                        .end();
            }
        }
    }

    private CopyStream table(String name, String columns) throws SQLException {
        return new CopyStream(Objects.requireNonNull(connection), digest, name, columns);
    }

    private void loadReference() throws SQLException {
        try (var rows = table(
                "muscles",
                "id, name, anatomical_name, muscle_group, bias_weight, optimal_weekly_volume, recovery_time")) {
            for (var m : reference.muscles()) {
                rows.add(m.id())
                        .add(m.name())
                        .add(m.anatomicalName())
                        .add(m.group())
                        .add(m.biasWeight())
                        .add(m.weeklySets())
                        .add(m.recoveryHours())
                        .end();
            }
        }
        try (var rows = table(
                "exercises",
                "id, name, type, difficulty, description, cues, primary_muscles, equipment_required, "
                        + "equipment_optional, locations, is_compound, movement_pattern")) {
            for (Exercise e : reference.exercises()) {
                rows.add(e.id())
                        .add(e.name())
                        .add(e.type())
                        .add(e.difficulty())
                        .add(e.description())
                        .add(e.cues())
                        .array(e.primaryMuscles())
                        .add(json(e.required()))
                        .add(json(e.optional()))
                        .add(json(e.locations()))
                        .add(e.compound())
                        .add(e.pattern())
                        .end();
            }
        }
        try (var rows = table("exercise_activations", "exercise_id, muscle_id, activation")) {
            for (Exercise e : reference.exercises()) {
                for (Activation a : e.activations()) {
                    rows.add(e.id()).add(a.muscleId()).add(a.percent()).end();
                }
            }
        }
        loadCatalogues();
    }

    private void loadCatalogues() throws SQLException {
        var random = set.random("catalogues");
        String[] categories = {
            "milestone", "nutrition", "social", "special", "first_time", "top_rank", "record", "streak"
        };
        String[] rarities = {"common", "uncommon", "rare", "epic", "legendary"};
        try (var rows = table("achievement_definitions", "id, key, name, description, category, points, rarity")) {
            for (int i = 0; i < 136; i++) {
                String category = categories[i % categories.length];
                rows.add("ach_" + set.hash24("achievement:" + i))
                        .add(category + "-" + i)
                        .add("Badge " + category + " " + i)
                        .add("Earned by steady training, number " + i)
                        .add(category)
                        .add(random.nextInt(10, 2_501))
                        .add(rarities[random.nextInt(rarities.length)])
                        .end();
            }
        }
        try (var rows = table("identities", "id, name, description, philosophy, category_id, focus_areas")) {
            for (int i = 0; i < 100; i++) {
                rows.add("identity-" + i)
                        .add("Archetype " + i)
                        .add("Trains with a plan of its own, kept through the seasons: number " + i)
                        .add("Strength by patience")
                        .add("category-" + i % 13)
                        .add(json(List.of("strength", "balance", "mobility")))
                        .end();
            }
        }
        String[] contexts = {"dashboard", "workout", "exercise", "recovery"};
        try (var rows =
                table("tips", "id, trigger_type, category, title, content, priority, display_context, created_at")) {
            for (int i = 0; i < 60; i++) {
                rows.add("tip_" + set.hash24("tip:" + i))
                        .add("context")
                        .add(i % 2 == 0 ? "training" : "recovery")
                        .add("Tip " + i)
                        .add("Small steps that are kept up beat large ones that are not, part " + i)
                        .add(random.nextInt(10))
                        .array(List.of(contexts[i % contexts.length]))
                        .add(DataSet.ANCHOR.minus(Duration.ofDays(i)))
                        .end();
            }
        }
        try (var rows = table(
                "fitness_venues",
                "id, name, slug, venue_type, latitude, longitude, address, city, country, average_rating, "
                        + "total_ratings, is_verified")) {
            for (int i = 0; i < 59; i++) {
                rows.add("fv_" + set.hash24("venue:" + i))
                        .add("Outdoor gym " + i)
                        .add("outdoor-gym-" + i)
                        .add("outdoor_gym")
                        .add(42.36 + random.nextInt(-800, 801) / 10_000.0)
                        .add(-71.06 + random.nextInt(-800, 801) / 10_000.0)
                        .add(i + " Riverside Path")
                        .add("Boston")
                        .add("USA")
                        .add(random.nextInt(20, 51) / 10.0)
                        .add(random.nextInt(200))
                        .add(random.nextInt(3) > 0)
                        .end();
            }
        }
        try (var rows = table(
                "milestones", "id, name, description, category, condition_type, condition_value, reward_credits")) {
            for (int i = 0; i < 24; i++) {
                rows.add("milestone-" + i)
                        .add("Milestone " + i)
                        .add("Finish " + (i + 1) * 5 + " workouts")
                        .add("training")
                        .add("workout_count")
                        .add("{\"count\": " + (i + 1) * 5 + "}")
                        .add(25 * (i + 1))
                        .end();
            }
        }
    }

    private void loadUsers() throws SQLException {
        String[] hashes = IntStream.range(0, DataSet.PASSWORDS)
                .parallel()
                .mapToObj(i -> PasswordHash.of(DataSet.password(i), set.salt(i)))
                .toArray(String[]::new);
        var random = set.random("users");
        try (var rows = table(
                "users",
                "id, email, username, display_name, password_hash, current_identity_id, current_level, total_xp, "
                        + "current_rank, profile_country, profile_ghost_mode, profile_leaderboard_opt_in, last_active_at, created_at, updated_at")) {
            for (int i = 0; i < set.users(); i++) {
                int xp = (int) Math.min(90_000, -1_800 * Math.log(1 - random.nextDouble()));
                Instant created = before(random, Duration.ofDays(700));
                rows.add(userIds[i])
                        .add(DataSet.email(i))
                        .add("user" + i)
                        .add("User " + i)
                        .add(hashes[i % hashes.length])
                        .add(random.nextInt(3) == 0 ? null : "identity-" + random.nextInt(100))
                        .add(1 + xp / 1_000)
                        .add(xp)
                        .add(rank(xp))
                        .add(PLACES[i % PLACES.length][1])
                        .add(random.nextInt(50) == 0)
                        .add(random.nextInt(10) > 0)
                        .add(before(random, Duration.ofDays(30)))
                        .add(created)
                        .add(created)
                        .end();
            }
        }
    }

    private static String rank(int xp) {
        int rank = 0;
        while (rank + 1 < RANK_XP.length && xp >= RANK_XP[rank + 1]) {
            rank++;
        }
        return RANKS[rank];
    }

    private void loadProfiles() throws SQLException {
        var random = set.random("profiles");
        try (var rows = table(
                "user_profile_extended",
                "user_id, gender, date_of_birth, height_cm, weight_kg, fitness_level, goals, city, "
                        + "state, country, country_code")) {
            for (int i = 0; i < set.users(); i++) {
                String[] place = PLACES[i % PLACES.length];
                rows.add(userIds[i])
                        .add(random.nextBoolean() ? "female" : "male")
                        .add(DataSet.ANCHOR
                                .atZone(ZoneOffset.UTC)
                                .toLocalDate()
                                .minusDays(random.nextInt(6_600, 22_000))
                                .toString())
                        .add(random.nextInt(1_500, 2_000) / 10.0)
                        .add(random.nextInt(480, 1_200) / 10.0)
                        .add("intermediate")
                        .add(json(List.of("strength")))
                        .add(place[3])
                        .add(place[2])
                        .add(place[0])
                        .add(place[1])
                        .end();
            }
        }
        random = set.random("stats");
        try (var rows =
                table("character_stats", "user_id, strength, constitution, dexterity, power, endurance, vitality")) {
            for (int i = 0; i < set.users(); i++) {
                rows.add(userIds[i]);
                for (int stat = 0; stat < 6; stat++) {
                    rows.add(random.nextInt(1_000) / 10.0);
                }
                rows.end();
            }
        }
    }

    private void loadMoney() throws SQLException {
        var random = set.random("money");
        try (var balances = table("credit_balances", "user_id, balance, lifetime_earned, lifetime_spent, updated_at")) {
            for (int i = 0; i < set.users(); i++) {
                balances.add(userIds[i])
                        .add(100 + i % 400)
                        .add(500 + i % 400)
                        .add(400)
                        .add(DataSet.ANCHOR)
                        .end();
            }
        }
        try (var ledger =
                table("credit_ledger", "id, user_id, action, amount, balance_after, description, created_at")) {
            for (int i = 0; i < 2 * set.users(); i++) {
                int user = i / 2;
                boolean earned = i % 2 == 0;
                ledger.add("cl_" + set.hash24("ledger:" + i))
                        .add(userIds[user])
                        .add(earned ? "signup_bonus" : "workout")
                        .add(earned ? 100 : -25)
                        .add(100 + user % 400)
                        .add(earned ? "Welcome credits" : "Workout logged")
                        .add(before(random, HISTORY))
                        .end();
            }
        }
    }

    private void loadCompanions() throws SQLException {
        var random = set.random("companions");
        try (var rows = table("user_companion_state", "id, user_id, nickname, stage, xp, created_at")) {
            for (int i = 0; i < set.users(); i++) {
                int xp = random.nextInt(2_000);
                rows.add("ucs_" + set.hash24("companion:" + i))
                        .add(userIds[i])
                        .add("Buddy")
                        .add(1 + xp / 500)
                        .add(xp)
                        .add(before(random, HISTORY))
                        .end();
            }
        }
        try (var rows = table(
                "mascot_timeline_reactions",
                "id, user_id, event_id, event_type, reaction_type, message, emote, animation, created_at")) {
            for (int i = 0; i < set.users(); i++) {
                rows.add("mtr_" + set.hash24("reaction:" + i))
                        .add(userIds[random.nextInt(set.users())])
                        .add("event-" + i)
                        .add("workout")
                        .add("cheer")
                        .add("That was a solid session")
                        .add("happy")
                        .add("bounce")
                        .add(before(random, Duration.ofDays(3)))
                        .end();
            }
        }
    }

    /** The owner of a workout: some train ten times as much as others. */
    private int owner(SplittableRandom random) {
        long spread = (long) (set.users() * Math.pow(random.nextDouble(), 1.6));
        return (int) ((spread * 7_919 + 13) % set.users());
    }

    private void loadWorkouts() throws SQLException {
        var random = set.random("workouts");
        var sets = new SetRows();
        try (var rows = table(
                "workouts",
                "id, user_id, date, total_tu, exercise_data, muscle_activations, total_sets, total_reps, total_volume, "
                        + "duration_seconds, created_at")) {
            for (int i = 0; i < set.workouts(); i++) {
                String user = userIds[owner(random)];
                Instant created = before(random, HISTORY);
                var done = new Workout(random);
                rows.add("workout_" + set.hash24("workout:" + i))
                        .add(user)
                        .add(created.atZone(ZoneOffset.UTC).toLocalDate().toString())
                        .add(done.units())
                        .add(done.exercises.toString())
                        .add(json(done.muscles))
                        .add(done.sets)
                        .add(done.reps)
                        .add(done.volume)
                        .add(random.nextInt(1_200, 4_500))
                        .add(created)
                        .end();
                sets.remember(i, user, done.first, created);
            }
        }
        sets.write();
    }

    /** The first sets of each workout, kept until COPY of the workouts themselves is over. */
    private final class SetRows {
        private final List<String> users = new ArrayList<>(set.workouts());
        private final List<Exercise> exercises = new ArrayList<>(set.workouts());
        private final List<Instant> times = new ArrayList<>(set.workouts());

        void remember(int workout, String user, Exercise exercise, Instant time) {
            if (workout != users.size()) {
                throw new IllegalStateException("workout " + workout + " out of order");
            }
            users.add(user);
            exercises.add(exercise);
            times.add(time);
        }

        void write() throws SQLException {
            var random = set.random("sets");
            try (var rows = table(
                    "workout_sets",
                    "id, workout_id, user_id, exercise_id, set_number, weight, reps, tu, estimated_1rm, performed_at")) {
                for (int i = 0; i < users.size(); i++) {
                    for (int number = 1; number <= SETS_PER_WORKOUT; number++) {
                        int reps = random.nextInt(5, 13);
                        double weight = random.nextInt(8, 49) * 2.5;
                        rows.add("set_" + set.hash24("set:" + i + ":" + number))
                                .add("workout_" + set.hash24("workout:" + i))
                                .add(users.get(i))
                                .add(exercises.get(i).id())
                                .add(number)
                                .add(weight)
                                .add(reps)
                                .add(1.5)
                                .add(oneRepMax(weight, reps))
                                .add(times.get(i).minusSeconds(120L * (SETS_PER_WORKOUT - number)))
                                .end();
                    }
                }
            }
        }
    }

    /** What a finished workout sums up to. */
    private final class Workout {
        private final StringBuilder exercises = new StringBuilder("[");
        private final Map<String, Integer> muscles = new LinkedHashMap<>();
        private final Exercise first;
        private int sets;
        private int reps;
        private double volume;

        Workout(SplittableRandom random) {
            List<Exercise> all = reference.exercises();
            int count = random.nextInt(3, 7);
            int start = random.nextInt(all.size());
            first = all.get(start);
            for (int i = 0; i < count; i++) {
                Exercise exercise = all.get((start + i * 17) % all.size());
                int ofThis = random.nextInt(3, 5);
                int each = random.nextInt(5, 13);
                double weight = random.nextInt(8, 49) * 2.5;
                sets += ofThis;
                reps += ofThis * each;
                volume += ofThis * each * weight;
                exercises
                        .append(i == 0 ? "" : ",")
                        .append("{\"exerciseId\":\"")
                        .append(exercise.id())
                        .append("\",\"sets\":")
                        .append(ofThis)
                        .append(",\"reps\":")
                        .append(each)
                        .append(",\"weight\":")
                        .append(weight)
                        .append('}');
                exercise.activations()
                        .forEach(a -> muscles.merge(a.muscleId(), a.percent() * ofThis / 40, Integer::sum));
            }
            exercises.append(']');
        }

        double units() {
            return muscles.values().stream().mapToInt(Integer::intValue).sum() / 2.0;
        }
    }

    private void loadSessions() throws SQLException {
        var random = set.random("sessions");
        var started = new ArrayList<Instant>();
        var logged = new ArrayList<Integer>();
        for (int i = 0; i < set.users(); i += 2) {
            long age = random.nextLong(60, SESSION_MAX.toSeconds());
            started.add(DataSet.ANCHOR.minusSeconds(age));
            logged.add(1 + (int) (age / 150)); // one set in two and a half minutes
        }
        try (var rows = table(
                "workout_sets",
                "id, session_id, user_id, exercise_id, set_number, weight, reps, rpe, tu, estimated_1rm, performed_at")) {
            for (int k = 0; k < started.size(); k++) {
                for (int number = 1; number <= logged.get(k); number++) {
                    rows.add("set_" + set.hash24("live:" + k + ":" + number))
                            .add(set.sessionId(2 * k))
                            .add(userIds[2 * k])
                            .add(DataSet.exerciseId((k + number / 4) % DataSet.EXERCISES))
                            .add(number)
                            .add(60 + number % 4 * 2.5)
                            .add(8)
                            .add(7)
                            .add(1.5)
                            .add(oneRepMax(60, 8))
                            .add(started.get(k).plusSeconds(150L * (number - 1)))
                            .end();
                }
            }
        }
        try (var rows = table(
                "active_workout_sessions",
                "id, user_id, started_at, last_activity_at, current_exercise_index, "
                        + "current_set_index, total_volume, total_reps, total_sets, estimated_calories, created_at, updated_at")) {
            for (int k = 0; k < started.size(); k++) {
                int sets = logged.get(k);
                Instant last = started.get(k).plusSeconds(150L * (sets - 1));
                double volume = 8
                        * IntStream.rangeClosed(1, sets)
                                .mapToDouble(n -> 60 + n % 4 * 2.5)
                                .sum();
                rows.add(set.sessionId(2 * k))
                        .add(userIds[2 * k])
                        .add(started.get(k))
                        .add(last)
                        .add(sets / 4)
                        .add(sets % 4)
                        .add(volume)
                        .add(8 * sets)
                        .add(sets)
                        .add((int) (0.1 * volume) + 5 * sets)
                        .add(started.get(k))
                        .add(last)
                        .end();
            }
        }
    }

    private void loadConversations() throws SQLException {
        int pairs = set.users() / 2;
        int messagesEach = 4;
        try (var rows = table("conversations", "id, type, created_by, last_message_at, created_at, updated_at")) {
            for (int k = 0; k < pairs; k++) {
                rows.add(conversation(k))
                        .add("direct")
                        .add(userIds[2 * k])
                        .add(messageTime(k, messagesEach - 1))
                        .add(messageTime(k, 0))
                        .add(messageTime(k, messagesEach - 1))
                        .end();
            }
        }
        try (var rows = table("conversation_participants", "conversation_id, user_id, joined_at, last_read_at")) {
            for (int i = 0; i < 2 * pairs; i++) {
                rows.add(conversation(i / 2))
                        .add(userIds[i])
                        .add(messageTime(i / 2, 0))
                        .add(messageTime(i / 2, messagesEach / 2))
                        .end();
            }
        }
        try (var rows = table("messages", "id, conversation_id, sender_id, content, created_at")) {
            for (int k = 0; k < pairs; k++) {
                for (int n = 0; n < messagesEach; n++) {
                    rows.add("msg_" + set.hash24("message:" + k + ":" + n))
                            .add(conversation(k))
                            .add(userIds[2 * k + n % 2])
                            .add("Shall we train on day " + n + " of this week?")
                            .add(messageTime(k, n))
                            .end();
                }
            }
        }
    }

    private String conversation(int k) {
        return "conv_" + set.hash24("conversation:" + k);
    }

    private static Instant messageTime(int conversation, int message) {
        return DataSet.ANCHOR.minusSeconds(600L * (conversation % 5_000) + 900 - 200L * message);
    }

    private void loadHistory() throws SQLException {
        var random = set.random("history");
        try (var rows = table("sleep_logs", "id, user_id, bed_time, wake_time, quality, logged_at")) {
            for (int i = 0; i < set.users(); i += 10) {
                for (int night = 1; night <= 10; night++) {
                    Instant bed =
                            DataSet.ANCHOR.minus(Duration.ofDays(night)).plusSeconds(random.nextInt(12_000, 25_000));
                    Instant wake = bed.plusSeconds(random.nextInt(18_000, 32_000));
                    rows.add("sl_" + set.hash24("sleep:" + i + ":" + night))
                            .add(userIds[i])
                            .add(bed)
                            .add(wake)
                            .add(random.nextInt(1, 6))
                            .add(wake)
                            .end();
                }
            }
        }
        try (var rows = table("achievement_events", "id, user_id, achievement_id, value, earned_at")) {
            for (int i = 0; i < set.users(); i++) {
                rows.add("ae_" + set.hash24("earned:" + i))
                        .add(userIds[random.nextInt(set.users())])
                        .add("ach_" + set.hash24("achievement:" + random.nextInt(136)))
                        .add(1)
                        .add(before(random, HISTORY))
                        .end();
            }
        }
        try (var rows = table(
                "leaderboard_entries",
                "user_id, exercise_id, metric_key, period_type, period_start, value, updated_at")) {
            for (int i = 0; i < set.users(); i++) {
                rows.add(userIds[i])
                        .add(DataSet.exerciseId(i % DataSet.EXERCISES))
                        .add("max_weight")
                        .add("all_time")
                        .add("1970-01-01")
                        .add(random.nextInt(20, 250))
                        .add(before(random, HISTORY))
                        .end();
            }
        }
        try (var rows = table("activity_events", "id, user_id, event_type, payload, geo_bucket, created_at")) {
            for (int i = 0; i < set.users() / 4; i++) {
                rows.add("evt_" + set.hash24("event:" + i))
                        .add(userIds[random.nextInt(set.users())])
                        .add("workout.completed")
                        .add("{\"message\": \"Someone finished a workout\"}")
                        .add("us-ma")
                        .add(before(random, Duration.ofDays(14)))
                        .end();
            }
        }
        try (var rows = table(
                "archived_workout_sessions",
                "id, user_id, original_session_id, session_data, archive_reason, started_at, archived_at")) {
            for (int i = 0; i < set.users(); i += 10) {
                Instant archived = before(random, Duration.ofDays(10));
                rows.add("aws_" + set.hash24("archived:" + i))
                        .add(userIds[i])
                        .add("session_" + set.hash24("gone:" + i))
                        .add("{\"setsLogged\": 3, \"totalVolume\": 1440, \"musclesWorked\": []}")
                        .add("abandoned")
                        .add(archived.minusSeconds(1_800))
                        .add(archived)
                        .end();
            }
        }
    }

    private static Instant before(SplittableRandom random, Duration span) {
        return DataSet.ANCHOR.minusSeconds(random.nextLong(60, span.toSeconds()));
    }

    /** Source: Epley's formula, weight · (1 + repetitions ÷ 30), rounded to two digits. */
    private static double oneRepMax(double weight, int reps) {
        return Math.round(weight * (1 + reps / 30.0) * 100) / 100.0;
    }

    private static String json(List<String> values) {
        return values.isEmpty() ? "[]" : "[\"" + String.join("\",\"", values) + "\"]";
    }

    private static String json(Map<String, Integer> values) {
        var text = new StringBuilder("{");
        values.forEach((key, value) -> text.append(text.length() > 1 ? "," : "")
                .append('"')
                .append(key)
                .append("\":")
                .append(value));
        return text.append('}').toString();
    }
}
