package me.musclemap.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.nimbusds.jose.jwk.ECKey;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import me.musclemap.api.accounts.AccessTokens;
import me.musclemap.api.accounts.Accounts;
import me.musclemap.api.accounts.Hashing;
import me.musclemap.api.accounts.RefreshTokens;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.community.Community;
import me.musclemap.api.community.Presence;
import me.musclemap.api.community.Sockets;
import me.musclemap.api.cost.Costs;
import me.musclemap.api.exercises.Exercises;
import me.musclemap.api.graphql.GraphqlEndpoint;
import me.musclemap.api.graphql.Operations;
import me.musclemap.api.graphql.Schema;
import me.musclemap.api.http.ApiServer;
import me.musclemap.api.http.Certificate;
import me.musclemap.api.leaderboards.Leaderboards;
import me.musclemap.api.leaderboards.ViewRefresh;
import me.musclemap.api.limits.RateLimits;
import me.musclemap.api.limits.SecurityEvents;
import me.musclemap.api.messages.MessageSockets;
import me.musclemap.api.messages.Messages;
import me.musclemap.api.profile.Companions;
import me.musclemap.api.profile.Profiles;
import me.musclemap.api.progress.Achievements;
import me.musclemap.api.progress.Archetypes;
import me.musclemap.api.progress.Journey;
import me.musclemap.api.realtime.Bus;
import me.musclemap.api.realtime.Hub;
import me.musclemap.api.realtime.Protocol;
import me.musclemap.api.realtime.SocketTelemetry;
import me.musclemap.api.realtime.SocketUpgrade;
import me.musclemap.api.recovery.Recovery;
import me.musclemap.api.recovery.Sleep;
import me.musclemap.api.social.Feed;
import me.musclemap.api.social.HighFives;
import me.musclemap.api.store.Database;
import me.musclemap.api.store.ProductClock;
import me.musclemap.api.workouts.ActiveSessions;
import me.musclemap.api.workouts.Corrections;
import me.musclemap.api.workouts.History;
import me.musclemap.api.workouts.Recording;
import me.musclemap.api.workouts.SessionSync;
import me.musclemap.api.workouts.Workouts;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.business.BusinessTelemetry;

/** The whole service, wired. Closing stops it from the outside in. */
final class Api implements AutoCloseable {
    private final Database database;
    private final RedisStore redis;
    private final Hashing hashing;
    private final ActiveSessions activeSessions;
    private final ViewRefresh refresh;
    private final Presence presence;
    private final Hub hub;
    private final Bus bus;
    private final Sockets sockets;
    private final ApiServer server;

    /**
     * What it needs.
     *
     * @param port 0 for a free one
     * @param refreshEvery how often the materialised views are made anew; zero for never
     * @param production whether every operation is made to cost what it was measured to cost in the real product
     */
    record Settings(
            int port,
            String jdbcUrl,
            List<String> replicas,
            String user,
            String password,
            String redisUri,
            ECKey signingKey,
            Optional<URI> collector,
            int poolSize,
            int inFlightMax,
            int hashingThreads,
            Duration refreshEvery,
            boolean virtualThreads,
            Sharing sharing,
            boolean production,
            Guard guard) {
        Settings {
            replicas = List.copyOf(replicas);
        }
    }

    /**
     * How it shares a machine.
     *
     * @param reusePort whether other instances may listen on the same port
     * @param socketsMax WebSockets that are held at most
     * @param compressSockets whether WebSocket messages are compressed for clients that ask for it
     */
    record Sharing(boolean reusePort, int socketsMax, boolean compressSockets) {
        static final Sharing USUAL = new Sharing(false, 15_000, false);
    }

    /**
     * What it lets in.
     *
     * @param listen the address that it listens on
     * @param rateLimits whether callers are limited
     * @param origins whose pages may read answers
     * @param connectionsMax that are open at once
     * @param certificate for TLS 1.3; none for plain HTTP
     */
    record Guard(
            String listen,
            boolean rateLimits,
            List<String> origins,
            int connectionsMax,
            Optional<Certificate> certificate) {
        static final String LOOPBACK = "127.0.0.1";
        private static final Pattern LOCAL = Pattern.compile("https?://(127\\.0\\.0\\.1|localhost)(:[0-9]{1,5})?");

        Guard {
            origins = List.copyOf(origins);
        }

        /** Pages of this machine may open sockets too: nobody else's page has such an origin. */
        boolean allowsSocket(String origin) {
            return origins.contains(origin) || LOCAL.matcher(origin).matches();
        }
    }

    Api(Settings settings, Telemetry telemetry) {
        ObjectMapper json = json();
        database = Database.open(
                settings.jdbcUrl(),
                settings.replicas(),
                settings.user(),
                settings.password(),
                settings.poolSize(),
                telemetry);
        redis = RedisStore.open(settings.redisUri(), telemetry.database("redis"));
        Costs costs = settings.production() ? Costs.production(database) : Costs.reference();
        telemetry.meters().gauge("headroom_cost_profile", costs, any -> 1, "profile", costs.label());
        hashing = new Hashing(settings.hashingThreads(), costs.loop());
        Clock clock = ProductClock.of(database);
        var cache = new RedisCache(redis, telemetry.cache(), json);
        var tokens = new AccessTokens(settings.signingKey(), Clock.systemUTC());
        var business = telemetry.business();
        var events = new SecurityEvents(business);
        var limits = new RateLimits(redis, settings.guard().rateLimits(), business, events);
        var accounts = new Accounts(
                database, cache, tokens, new RefreshTokens(redis, events), hashing, limits, business, clock);
        var exercises = new Exercises(database, cache);
        var workouts = new Workouts(database, cache, exercises, business, clock);
        var leaderboards = new Leaderboards(database, cache, clock);
        var profiles = new Profiles(database, cache, leaderboards, clock);
        var companions = new Companions(database, cache, clock);
        var community = new Community(database, cache, clock);
        hub = new Hub(settings.sharing().socketsMax(), business, new SocketTelemetry(telemetry.meters()));
        bus = new Bus(redis, hub);
        presence = new Presence(redis, cache, database, clock);
        var messages = new Messages(database, cache, redis, clock);
        sockets = new Sockets(community, presence, tokens, bus, hub, json, clock);
        var messageSockets = new MessageSockets(messages, presence, tokens, bus, json);
        var operations = operations(
                costs,
                accounts,
                exercises,
                workouts,
                leaderboards,
                profiles,
                companions,
                community,
                presence,
                messages);
        addSessions(operations, database, cache, exercises, profiles, business, clock);
        addProgress(operations, database, cache, exercises, clock);
        addSocial(operations, database, cache, presence, clock);
        operations
                .mutation("CompleteWorkoutSession", "completeWorkoutSession", call -> {
                    Object completed = workouts.complete(call);
                    sockets.workoutFinished();
                    return completed;
                })
                .mutation("SendMessage", "sendMessage", call -> messageSockets.sent(messages.send(call)));
        var graphql = new GraphqlEndpoint(
                Schema.of(operations),
                operations,
                json,
                redis,
                telemetry.graphql(operations.names()),
                telemetry.cache(),
                events);
        exercises.warm();
        activeSessions = new ActiveSessions(database, business, clock);
        refresh = new ViewRefresh(database, settings.refreshEvery(), clock);
        server = new ApiServer(
                new ApiServer.Settings(
                        settings.guard().listen(),
                        settings.port(),
                        settings.inFlightMax(),
                        settings.collector(),
                        settings.virtualThreads(),
                        settings.sharing().reusePort(),
                        upgrade(settings, messageSockets),
                        costs,
                        settings.guard().origins(),
                        settings.guard().connectionsMax(),
                        settings.guard().certificate()),
                new ApiServer.Parts(
                        graphql,
                        accounts,
                        tokens,
                        exercises,
                        new SessionSync(database, exercises, business, clock),
                        leaderboards,
                        presence,
                        limits,
                        events,
                        database,
                        redis,
                        telemetry,
                        json));
    }

    private SocketUpgrade upgrade(Settings settings, MessageSockets messageSockets) {
        var protocols = new HashMap<String, Protocol>(sockets.protocols());
        protocols.put(MessageSockets.PATH, messageSockets);
        return new SocketUpgrade(
                protocols,
                hub,
                settings.guard()::allowsSocket,
                settings.sharing().compressSockets());
    }

    private static Operations operations(
            Costs costs,
            Accounts accounts,
            Exercises exercises,
            Workouts workouts,
            Leaderboards leaderboards,
            Profiles profiles,
            Companions companions,
            Community community,
            Presence presence,
            Messages messages) {
        return new Operations(costs)
                .mutation("Register", "register", accounts::register)
                .mutation("Login", "login", accounts::login)
                .ownQuery("Me", "me", Accounts::userKey, accounts::me)
                .ownQuery("MyStats", "myStats", Profiles::statsKey, profiles::stats)
                .ownQuery("MyStatsWithRankings", "myStatsWithRankings", Profiles::statsKey, profiles::statsWithRankings)
                .query("MyMuscleActivations", "myMuscleActivations", profiles::muscleActivations)
                .query("EconomyWallet", "economyWallet", profiles::wallet)
                .query("ExtendedProfile", "extendedProfile", profiles::extended)
                .query("MascotState", "mascot", companions::state)
                .query("MascotPendingReactions", "mascotPendingReactions", companions::reactions)
                .query("Tips", "tips", companions::tips)
                .query("NearestOutdoorVenues", "nearestOutdoorVenues", companions::venues)
                .query("CreditsBalance", "creditsBalance", profiles::credits)
                .query("MyFullProfile", "myFullProfile", profiles::full)
                .sharedQuery("Leaderboards", "leaderboards", leaderboards::byExperience)
                .sharedQuery("Exercise", "exercise", exercises::exercise)
                .mutation("MarkConversationRead", "markConversationRead", messages::markRead)
                .mutation("SetTypingStatus", "setTypingStatus", messages::setTyping)
                .sharedQuery("Exercises", "exercises", exercises::exercises)
                .query("ActiveWorkoutSession", "activeWorkoutSession", workouts::active)
                .query("RecoverableSessions", "recoverableSessions", workouts::recoverable)
                .mutation("StartWorkoutSession", "startWorkoutSession", workouts::start)
                .mutation("LogSet", "logSet", workouts::logSet)
                .sharedQuery("StatLeaderboard", "statLeaderboard", leaderboards::byStat)
                .sharedQuery("PublicCommunityStats", "publicCommunityStats", call -> community.publicStats())
                .sharedQuery("CommunityStats", "communityStats", call -> community.stats())
                .sharedQuery("CommunityPresence", "communityPresence", call -> presence.community())
                .query("UserPresence", "userPresence", presence::users)
                .query("Conversations", "conversations", messages::conversations)
                .query("ConversationMessages", "conversationMessages", messages::messages)
                .query("TypingUsers", "typingUsers", messages::typing);
    }

    private static void addSessions(
            Operations operations,
            Database database,
            RedisCache cache,
            Exercises exercises,
            Profiles profiles,
            BusinessTelemetry business,
            Clock clock) {
        var corrections = new Corrections(database, exercises, clock);
        var history = new History(database, exercises, clock);
        var recording = new Recording(database, cache, exercises, profiles, business, clock);
        operations
                .mutation("UpdateSet", "updateSet", corrections::updateSet)
                .mutation("PauseWorkoutSession", "pauseWorkoutSession", corrections::pause)
                .query("MyWorkouts", "myWorkouts", history::workouts)
                .query("MyWorkoutStats", "myWorkoutStats", history::stats)
                .query("ExerciseHistory", "exerciseHistory", history::exercises)
                .mutation("CreateWorkout", "createWorkout", recording::create)
                .mutation("GeneratePrescription", "generatePrescription", recording::prescribe);
    }

    private static void addProgress(
            Operations operations, Database database, RedisCache cache, Exercises exercises, Clock clock) {
        var archetypes = new Archetypes(database, cache);
        archetypes.warm();
        var achievements = new Achievements(database, cache, clock);
        var journey = new Journey(database, archetypes, exercises, clock);
        var sleep = new Sleep(database, clock);
        var recovery = new Recovery(database, clock);
        operations
                .sharedQuery("Archetypes", "archetypes", archetypes::all)
                .sharedQuery("ArchetypeCategories", "archetypeCategories", archetypes::categories)
                .sharedQuery("AchievementDefinitions", "achievementDefinitions", archetypes::achievements)
                .ownQuery("MyAchievements", "myAchievements", Achievements::key, achievements::mine)
                .query("Milestones", "milestones", achievements::milestones)
                .query("Goals", "goals", achievements::goals)
                .query("JourneyOverview", "journeyOverview", journey::overview)
                .query("SleepHistory", "sleepHistory", sleep::history)
                .mutation("LogSleep", "logSleep", sleep::log)
                .query("RecoveryScore", "recoveryScore", recovery::score)
                .query("RecoveryStatus", "recoveryStatus", recovery::status);
    }

    private static void addSocial(
            Operations operations, Database database, RedisCache cache, Presence presence, Clock clock) {
        var feed = new Feed(database, cache, clock);
        var highFives = new HighFives(database, cache, presence, clock);
        operations
                .query("CommunityFeed", "communityFeed", feed::page)
                .query("HighFiveUsers", "highFiveUsers", highFives::users)
                .mutation("SendHighFive", "sendHighFive", highFives::send)
                .mutation("UpdatePresence", "updatePresence", highFives::presence);
    }

    private static ObjectMapper json() {
        var times = new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance);
        return new ObjectMapper().registerModule(times);
    }

    int port() {
        return server.port();
    }

    /** Makes the materialised views anew, as happens at intervals; whether all were. */
    CompletableFuture<Boolean> refreshViews() {
        return refresh.soon();
    }

    @Override
    public void close() {
        hub.close();
        server.close();
        bus.close();
        sockets.close();
        presence.close();
        refresh.close();
        activeSessions.close();
        hashing.close();
        redis.close();
        database.close();
    }
}
