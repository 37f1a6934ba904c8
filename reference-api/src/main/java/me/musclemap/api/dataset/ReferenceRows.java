package me.musclemap.api.dataset;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;

/** The rows that do not depend on the number of users: muscles, exercises, achievements, tips, venues. */
final class ReferenceRows {
    record Muscle(
            String id,
            String name,
            String anatomicalName,
            String group,
            double biasWeight,
            int weeklySets,
            int recoveryHours) {}

    record Activation(String muscleId, int percent) {}

    record Exercise(
            String id,
            String name,
            String type,
            int difficulty,
            String description,
            String cues,
            List<String> primaryMuscles,
            List<String> required,
            List<String> optional,
            List<String> locations,
            boolean compound,
            String pattern,
            List<Activation> activations) {}

    private static final String[][] MUSCLES = {
        {
            "Arms",
            "Biceps long head|Biceps short head|Brachialis|Brachioradialis|Triceps long head|Triceps lateral head|Triceps medial head|Wrist flexors|Wrist extensors"
        },
        {
            "Back",
            "Latissimus dorsi|Upper trapezius|Middle trapezius|Lower trapezius|Rhomboids|Erector spinae|Teres major"
        },
        {"Core", "Rectus abdominis|External oblique|Internal oblique|Transverse abdominis"},
        {"Shoulders", "Anterior deltoid|Lateral deltoid|Posterior deltoid|Rotator cuff"},
        {"Quads", "Rectus femoris|Vastus lateralis|Vastus medialis|Vastus intermedius"},
        {"Glutes", "Gluteus maximus|Gluteus medius|Gluteus minimus|Tensor fasciae latae"},
        {"Calves", "Gastrocnemius|Soleus|Tibialis anterior"},
        {"Chest", "Pectoralis major upper|Pectoralis major lower|Pectoralis minor"},
        {"Adductors", "Adductor magnus|Adductor longus|Gracilis"},
        {"Hamstrings", "Biceps femoris|Semitendinosus|Semimembranosus"},
    };

    /** Type, how many, what they are done with, and the movements that name them. */
    private static final String[][] EXERCISES = {
        {"freeweight", "32", "barbell|dumbbell|bench", "Press|Row|Curl|Squat|Deadlift|Fly|Raise|Lunge"},
        {"gymnastics", "25", "rings|parallel-bars|mat", "Support hold|Swing|Kip|Press to stand|Skin the cat"},
        {"bodyweight", "24", "mat", "Push-up|Squat|Plank|Bridge|Lunge|Crawl"},
        {"aerial", "23", "silks|trapeze|hoop", "Climb|Inversion|Hang|Beat|Drop entry"},
        {"olympic_weightlifting", "23", "barbell|bumper-plates|platform", "Snatch|Clean|Jerk|Pull|Front squat"},
        {"wrestling", "22", "mat|partner", "Shot|Sprawl|Bridge|Lift|Hand fight"},
        {"calisthenics", "16", "pull-up-bar|dip-bars", "Pull-up|Dip|Lever|Muscle-up"},
        {"climbing", "14", "hangboard|wall", "Dead hang|Lock-off|Traverse|Campus"},
        {"combat_conditioning", "12", "heavy-bag|rope", "Strike drill|Footwork|Slam|Carry"},
        {"contortion", "10", "mat|blocks", "Backbend|Split|Fold"},
        {"kettlebell", "9", "kettlebell", "Swing|Snatch|Get-up"},
        {"hand_balancing", "8", "mat|wall", "Handstand|Crow|Planche"},
    };

    private static final String[] STYLES = {
        "Paused",
        "Tempo",
        "Single-arm",
        "Alternating",
        "Deficit",
        "Banded",
        "Close",
        "Wide",
        "Explosive",
        "Slow",
        "Assisted",
        "Weighted",
        "Seated",
        "Standing",
        "Incline",
        "Decline"
    };
    private static final String[] PATTERNS = {"push", "pull", "squat", "hinge", "carry", "rotation"};
    private static final String[] PLACES = {"gym", "home", "park", "studio", "outdoors"};

    /** How many of the exercises have known activations; the others earn no training units, as in the real catalogue. */
    private static final int WITH_ACTIVATIONS = 91;

    private static final int ACTIVATIONS = 356;

    private final List<Muscle> muscles = new ArrayList<>();
    private final List<Exercise> exercises = new ArrayList<>();

    ReferenceRows(DataSet set) {
        makeMuscles(set.random("muscles"));
        makeExercises(set.random("exercises"));
    }

    List<Muscle> muscles() {
        return muscles;
    }

    List<Exercise> exercises() {
        return exercises;
    }

    private void makeMuscles(SplittableRandom random) {
        for (String[] group : MUSCLES) {
            for (String name : group[1].split("\\|", -1)) {
                String id = name.toLowerCase(java.util.Locale.ROOT).replace(' ', '-');
                muscles.add(new Muscle(
                        id,
                        name,
                        "Musculus " + name.toLowerCase(java.util.Locale.ROOT),
                        group[0],
                        random.nextInt(4, 23),
                        random.nextInt(8, 21),
                        random.nextInt(24, 73)));
            }
        }
    }

    private void makeExercises(SplittableRandom random) {
        var names = new LinkedHashSet<String>();
        for (String[] kind : EXERCISES) {
            String[] things = kind[2].split("\\|", -1);
            String[] moves = kind[3].split("\\|", -1);
            int count = Integer.parseInt(kind[1]);
            for (int i = 0; i < count; i++) {
                String move = moves[i % moves.length];
                String name = i < moves.length
                        ? move
                        : STYLES[random.nextInt(STYLES.length)] + " " + move.toLowerCase(java.util.Locale.ROOT);
                if (!names.add(name)) {
                    name = kind[0].replace('_', ' ') + " " + name.toLowerCase(java.util.Locale.ROOT) + " " + (i + 1);
                    name = Character.toUpperCase(name.charAt(0)) + name.substring(1);
                    names.add(name);
                }
                exercises.add(exercise(random, exercises.size(), kind[0], name, things));
            }
        }
    }

    private Exercise exercise(SplittableRandom random, int index, String type, String name, String[] things) {
        var worked = new LinkedHashSet<Muscle>();
        int first = random.nextInt(muscles.size());
        int wanted = index < WITH_ACTIVATIONS
                ? ACTIVATIONS / WITH_ACTIVATIONS + (index < ACTIVATIONS % WITH_ACTIVATIONS ? 1 : 0)
                : random.nextInt(2, 5);
        while (worked.size() < wanted) {
            worked.add(muscles.get((first + random.nextInt(12)) % muscles.size()));
        }
        var activations = new ArrayList<Activation>();
        if (index < WITH_ACTIVATIONS) {
            worked.forEach(muscle -> activations.add(new Activation(muscle.id(), random.nextInt(25, 101))));
        }
        String target = worked.iterator().next().name().toLowerCase(java.util.Locale.ROOT);
        return new Exercise(
                DataSet.exerciseId(index),
                name,
                type,
                difficulty(random),
                "Trains the " + target + " through a full range; keep the movement slow and even on the way down.",
                "Brace before each repetition; breathe out on the effort; stop before form fails.",
                worked.stream().limit(4).map(Muscle::id).toList(),
                random.nextInt(100) < 83 ? List.of(things[random.nextInt(things.length)]) : List.of(),
                random.nextInt(100) < 22 ? List.of("resistance-band") : List.of(),
                places(random),
                random.nextInt(218) < 40,
                PATTERNS[random.nextInt(PATTERNS.length)],
                activations);
    }

    private static int difficulty(SplittableRandom random) {
        int roll = random.nextInt(218);
        return roll < 35 ? 1 : roll < 116 ? 2 : roll < 167 ? 3 : roll < 202 ? 4 : 5;
    }

    private static List<String> places(SplittableRandom random) {
        int first = random.nextInt(PLACES.length);
        var places = new ArrayList<String>();
        for (int i = 0; i <= random.nextInt(1, 3); i++) {
            places.add(PLACES[(first + i) % PLACES.length]);
        }
        return places;
    }
}
