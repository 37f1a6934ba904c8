package me.musclemap.rum.privacy;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The words that the routes of an application are made of. A person's name looks like any other word, so that only those of
 * a closed list stay in a route. Immutable.
 *
 * @param words in small letters, without separators
 */
public record RouteWords(Set<String> words) {
    private static final int WORDS_MAX = 2000;
    private static final int LENGTH_MAX = 40;
    private static final String PAGE = ".html";

    /** Those of MuscleMap, and what web applications call their common pages. */
    public static final RouteWords MUSCLEMAP = new RouteWords(words(
            "2d 3d about account achievements active activations activity add admin ads all analytics anatomy api app archetype"
                    + " archetypes archive archived arena athlete athletes auth award awards badge badges beats billing board"
                    + " boards body bodyweight browse budgets buddies buddy builder bulletin calculator calendar callback career"
                    + " challenge challenges change chat checkout client coach coaches coaching communities community compare"
                    + " competition competitions confirm contact conversation conversations create credits crew crews custom"
                    + " daily dashboard data day day delete demo design detail details developer discipline disciplines discover"
                    + " docs download economy edit email empty endpoints equipment error errors event events exercise exercises"
                    + " explore export faq favorites favourites features feed feedback feeds find first followers following"
                    + " forgot form friend friends global goal goals graph graphql group groups guide hangout hangouts health"
                    + " help highlights history home id import inbox index info insights instructor invitation invitations"
                    + " invite invites issue issues item items join journey journeys landing leaderboard leaderboards learn"
                    + " legal level levels library limitations list live locations log login logout map maps market"
                    + " marketplace martial arts me meal meals measurements member members mentor mentors mentorship"
                    + " message messages messaging metrics milestone milestones mobile model monitoring monthly more mount"
                    + " muscle muscles my new news notes notification notifications now nutrition offline onboarding options"
                    + " orders organization organizations overview page pages password payment payments performance personal"
                    + " photo photos plan planner plans play plugin plugins policy post posts premium presence preview pricing"
                    + " privacy product products profile profiles program programs progress progression public quick rank"
                    + " ranking rankings ranks rate ratings recent recommendations record records recover recovery refresh"
                    + " register rehab rehabilitation report reports reset results reward rewards rivals roadmap routine"
                    + " routines schedule science search security select session sessions set sets settings setup share shop"
                    + " sign signin signup sitemap skill skills skins sleep social spirit start stat state statistics stats"
                    + " status store strength subscribe subscription subscriptions success summary support sync tag tags team"
                    + " teams technique techniques template templates terms test tests three time timeline timer tips today"
                    + " token tools top track trade trades trainer trainers training travel trends trophies troubleshoot"
                    + " tutorial u unread update updates upgrade upload user users v1 v2 venue venues verify video videos view"
                    + " volume wallet wealth weekly weight welcome widget widgets wizard workout workouts xp year"));

    /** Checks the words. */
    public RouteWords {
        words = Set.copyOf(words);
    }

    private static Set<String> words(String list) {
        return Arrays.stream(list.split("[ /._-]+")).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Those of a file with one route a line, as {@code /workouts/{id}/sets}. What stands in braces or after a colon is no
     * word; a line that begins with # is a remark.
     *
     * @throws IllegalArgumentException if the file cannot be read, or a line is no route
     */
    public static RouteWords read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException("--routes=" + file + ": is no text in UTF-8: write one route a line", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("--routes=" + file + ": cannot be read: write one route a line", e);
        }
        var words = new HashSet<String>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(words, line, "--routes=" + file + ", line " + (i + 1) + ": ");
            }
        }
        if (words.isEmpty() || words.size() > WORDS_MAX) {
            throw new IllegalArgumentException("--routes=" + file + ": has " + words.size() + " words: write 1 to "
                    + WORDS_MAX + ", in routes such as /workouts/{id}");
        }
        return new RouteWords(words);
    }

    private static void add(Set<String> words, String route, String where) {
        if (!route.startsWith("/")) {
            throw new IllegalArgumentException(where + route + ": write a path such as /workouts/{id}");
        }
        for (String segment : route.substring(1).split("/", -1)) {
            if (segment.startsWith(":") || (segment.startsWith("{") && segment.endsWith("}"))) {
                continue;
            }
            for (String word : parts(segment)) {
                if (!word.matches("[a-z0-9]{1," + LENGTH_MAX + "}") && !segment.isEmpty()) {
                    throw new IllegalArgumentException(where + segment
                            + ": write letters, digits, - and _, and {id} for what differs from visit to visit");
                }
                words.add(word);
            }
        }
        words.remove("");
    }

    private static String[] parts(String segment) {
        String name = segment.endsWith(PAGE) ? segment.substring(0, segment.length() - PAGE.length()) : segment;
        return name.toLowerCase(Locale.ROOT).split("[_-]", -1);
    }

    /** Whether a segment of a path is made of these words alone, as {@code workout-builder}. */
    boolean spell(String segment) {
        for (String part : parts(segment)) {
            if (!words.contains(part)) {
                return false;
            }
        }
        return true;
    }
}
