package me.musclemap.capacity.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.Window;

/**
 * Which windows a fit uses. The rule is stated here, before any figure is seen: a window is left out when its recorder said
 * so, steal was above 2 % (30 % where production was imported, and {@link Shape#steal} is fitted), other processes used the
 * watched cores ({@link ForeignLoad}), more than 1 % of its requests failed, or it served less than 97 % of what was offered. Idle windows are held to it too. Windows on other cores than the
 * run's own are never fitted: of those of the given roles is kept apart what the rule lets in.
 *
 * @param loaded windows with requests, in the order they were driven
 * @param idle windows without
 * @param onMoreCores windows on more cores than the run's own
 */
public record Selection(
        List<Observation> loaded, List<Observation> idle, List<Excluded> excluded, List<Observation> onMoreCores) {
    private static final double STEAL_MAX = 0.02;
    private static final double STEAL_IN_PRODUCTION_MAX = 0.3;
    private static final double FAILED_MAX = 0.01;
    private static final double SERVED_MIN = 0.97;

    public Selection {
        loaded = List.copyOf(loaded);
        idle = List.copyOf(idle);
        excluded = List.copyOf(excluded);
        onMoreCores = List.copyOf(onMoreCores);
    }

    /** A window that is not fitted, and why. */
    public record Excluded(int window, String reason) {}

    /**
     * The windows of the given roles that the rule lets in.
     *
     * @param rateMax headline requests per second above which a window is not asked for
     */
    public static Selection of(RunRecord run, Set<String> roles, double rateMax) {
        var loaded = new ArrayList<Observation>();
        var idle = new ArrayList<Observation>();
        var excluded = new ArrayList<Excluded>();
        var more = new ArrayList<Observation>();
        ForeignLoad foreign = ForeignLoad.of(run);
        double stealMax = run.usualSteal().isPresent() ? STEAL_IN_PRODUCTION_MAX : STEAL_MAX;
        for (Window window : run.windows()) {
            boolean isIdle = window.role().equals("idle");
            if (!isIdle && !roles.contains(window.role())) {
                continue;
            }
            Optional<String> fault = fault(window, isIdle, foreign, stealMax);
            boolean own = window.cores() == run.cpu().cores();
            if (fault.isEmpty() && !isIdle && window.cores() > run.cpu().cores()) {
                more.add(Observation.of(run, window));
            }
            Optional<String> reason = own
                    ? fault
                    : Optional.of("on %.0f cores, the generator on them too: costs are never fitted to it"
                            .formatted(window.cores()));
            if (reason.isPresent()) {
                excluded.add(new Excluded(window.index(), reason.get()));
            } else if (isIdle) {
                idle.add(Observation.of(run, window));
            } else if (window.offeredPerSecond() <= rateMax) {
                loaded.add(Observation.of(run, window));
            }
        }
        return new Selection(loaded, idle, excluded, more);
    }

    private static Optional<String> fault(Window window, boolean isIdle, ForeignLoad foreign, double stealMax) {
        if (window.excluded().isPresent()) {
            return window.excluded();
        }
        if (window.use().isEmpty()) {
            return Optional.of("its stations were not watched");
        }
        if (window.stealRatio() > stealMax) {
            return Optional.of("steal %s is above %.0f %%".formatted(percent(window.stealRatio()), stealMax * 100));
        }
        Optional<String> spoilt = foreign.fault(window);
        if (isIdle || spoilt.isPresent()) {
            return spoilt;
        }
        if (window.failedRatio() > FAILED_MAX) {
            return Optional.of("%s of the requests failed, above 1 %%".formatted(percent(window.failedRatio())));
        }
        if (window.servedPerSecond() < SERVED_MIN * window.offeredPerSecond()) {
            return Optional.of("saturated: served %.0f/s of %.0f/s offered"
                    .formatted(window.servedPerSecond(), window.offeredPerSecond()));
        }
        return Optional.empty();
    }

    private static String percent(double ratio) {
        return String.format(Locale.ROOT, "%.1f %%", ratio * 100);
    }
}
