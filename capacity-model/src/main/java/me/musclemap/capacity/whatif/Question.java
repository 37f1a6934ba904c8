package me.musclemap.capacity.whatif;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.plan.Phase;
import me.musclemap.capacity.plan.PhaseStudy;
import me.musclemap.capacity.plan.Phases;
import me.musclemap.capacity.plan.Stack;

/**
 * A phase of a plan on one stack of a run, that may be asked again with other inputs. Every question gets the same draws.
 * Immutable.
 */
public final class Question {
    private final PhaseStudy study;
    private final Function<Map<String, String>, Phases> plan;
    private final Map<String, String> settings;
    private final Phases phases;
    private final String phaseId;
    private final String stackName;

    /**
     * Asks.
     *
     * @param plan reads the plan with settings
     * @param settings that hold for every question
     * @param phaseId id of the phase, or its number from 1
     * @param stackName of the stack; empty for the one that the plan is for
     * @throws MalformedInputException if there is no such phase or stack
     */
    public Question(
            PhaseStudy study,
            Function<Map<String, String>, Phases> plan,
            Map<String, String> settings,
            String phaseId,
            String stackName) {
        this.study = study;
        this.plan = plan;
        this.settings = new LinkedHashMap<>(settings);
        this.phases = plan.apply(settings);
        this.phaseId = phases.phase(phaseId)
                .map(Phase::id)
                .orElseThrow(() -> new MalformedInputException("--phase=" + phaseId + ": no such phase; known are "
                        + String.join(
                                ", ", phases.phases().stream().map(Phase::id).toList())));
        List<String> names = study.stacks(phases).stream().map(Stack::name).toList();
        if (!stackName.isEmpty() && !names.contains(stackName)) {
            throw new MalformedInputException(
                    "--stack=" + stackName + ": no such stack; known are " + String.join(", ", names));
        }
        this.stackName = stackName.isEmpty() ? names.get(names.size() - 1) : stackName;
    }

    /** The same with more settings. */
    public Question with(Map<String, String> more) {
        var all = new LinkedHashMap<>(settings);
        all.putAll(more);
        return new Question(study, plan, all, phaseId, stackName);
    }

    /** The fitted run. */
    public PhaseStudy study() {
        return study;
    }

    /** The plan with the settings. */
    public Phases phases() {
        return phases;
    }

    /** The phase that is asked about. */
    public Phase phase() {
        return phases.phase(phaseId).orElseThrow();
    }

    /** The stack that is asked about. */
    public Stack stack() {
        return study.stacks(phases).stream()
                .filter(s -> s.name().equals(stackName))
                .findFirst()
                .orElseThrow();
    }

    /** Headline requests per second of one user in session. */
    public double perUser() {
        return study.perUser(phases).perSecond();
    }

    /** Users in session that each draw carries. */
    public double[] users() {
        double[] users = study.rates(phases, phase(), stack());
        for (int d = 0; d < users.length; d++) {
            users[d] /= perUser();
        }
        return users;
    }

    /** Users in session by the best estimate. */
    public double bestUsers() {
        return study.rate(phases, phase(), stack()) / perUser();
    }

    /** What gives out first by the best estimate. */
    public String binding() {
        return study.load(phases, phase(), stack()).ranked().get(0).limit();
    }

    /** Whether the answer is beyond four times what was measured: only how it changes is then said, not the number. */
    public boolean isBeyondRange() {
        return PhaseStudy.isBeyondRange(phase(), stack(), study.rate(phases, phase(), stack()));
    }
}
