package me.musclemap.rum.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import me.musclemap.rum.beacon.Connection;
import me.musclemap.rum.beacon.Device;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.sketch.Cell;
import me.musclemap.rum.sketch.GroupKey;
import me.musclemap.rum.sketch.Sketch;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void aClearlySlowerReleaseRegressed() {
        Comparison comparison = compare(views(4000, 1, 1, 1000), views(4000, 2, 1.3, 1000));

        assertThat(comparison.verdict()).isInstanceOf(Verdict.Regressed.class);
        assertThat(comparison.verdict().summary()).startsWith("regressed: p75 is +");
        assertThat(comparison.change().orElseThrow()).isBetween(0.2, 0.4);
    }

    @Test
    void theSameIsFineWhenThereIsEnoughOfIt() {
        assertThat(compare(views(60_000, 1, 1, 1000), views(60_000, 2, 1, 1000)).verdict())
                .isInstanceOf(Verdict.Fine.class);
    }

    @Test
    void tooFewPageViewsAreNotDecidedAndItSaysHowManyMoreAreNeeded() {
        Comparison few = compare(views(50, 1, 1, 1000), views(50, 2, 1, 1000));
        Comparison some = compare(views(600, 1, 1, 1000), views(600, 2, 1.02, 1000));

        assertThat(few.verdict().summary()).contains("too few", "needs about");
        assertThat(some.verdict()).isInstanceOf(Verdict.Undecided.class);
        assertThat(some.verdict().summary())
                .matches("undecided: p75 changed by .*; needs about [\\d,]+ more page views of each");
        assertThat(((Verdict.Undecided) some.verdict()).moreViews()).isBetween(100L, 1_000_000L);
    }

    /** Twice the page views that were said to be needed decide it: the estimate is of the right size. */
    @Test
    void asManyPageViewsAsItAskedForAreAboutEnough() {
        var undecided = (Verdict.Undecided)
                compare(views(2000, 1, 1, 1000), views(2000, 2, 1, 1000)).verdict();
        int enough = (int) (2 * (2000 + undecided.moreViews()));

        assertThat(compare(views(enough, 3, 1, 1000), views(enough, 4, 1, 1000)).verdict())
                .isInstanceOf(Verdict.Fine.class);
    }

    @Test
    void otherVisitorsAreNotASlowerRelease() {
        var base = mixed(20_000, 0.2);
        var candidate = mixed(20_000, 0.6);

        Comparison comparison = compare(base, candidate);
        assertThat(comparison.verdict()).isNotInstanceOf(Verdict.Regressed.class);
        assertThat(comparison.candidatePercentile75() / comparison.basePercentile75())
                .isBetween(0.95, 1.05);
    }

    @Test
    void aCandidateThatFewOfTheBaselinesVisitorsHaveSeenIsNotDecided() {
        Comparison comparison = compare(mixed(5000, 0.9), views(5000, 2, 1, 1000));

        assertThat(comparison.verdict().summary()).contains("was seen on the like of only");
    }

    @Test
    void shiftsThatAreMostlyZeroAreCompared() {
        var base = new ReleaseViews();
        var candidate = new ReleaseViews();
        var random = new SplittableRandom(5);
        for (int i = 0; i < 4000; i++) {
            put(base, Vital.CLS, Device.MOBILE, random.nextDouble() < 0.9 ? 0 : 0.2, i % 20);
            put(candidate, Vital.CLS, Device.MOBILE, random.nextDouble() < 0.5 ? 0 : 0.2, i % 20);
        }

        assertThat(Comparison.of(Vital.CLS, base, candidate, Comparison.Rule.of(1))
                        .verdict())
                .isInstanceOf(Verdict.Regressed.class);
    }

    private static Comparison compare(ReleaseViews base, ReleaseViews candidate) {
        return Comparison.of(Vital.LCP, base, candidate, Comparison.Rule.of(1));
    }

    private static ReleaseViews views(int count, long seed, double slower, double middle) {
        var views = new ReleaseViews();
        var random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            put(
                    views,
                    Vital.LCP,
                    Device.DESKTOP,
                    middle * slower * Math.exp(gaussian(random) * 0.4),
                    random.nextInt(20));
        }
        return views;
    }

    private static ReleaseViews mixed(int count, double mobileShare) {
        var views = new ReleaseViews();
        var random = new SplittableRandom(Double.hashCode(mobileShare));
        for (int i = 0; i < count; i++) {
            boolean mobile = random.nextDouble() < mobileShare;
            put(
                    views,
                    Vital.LCP,
                    mobile ? Device.MOBILE : Device.DESKTOP,
                    (mobile ? 3000 : 1000) * Math.exp(gaussian(random) * 0.3),
                    random.nextInt(20));
        }
        return views;
    }

    private static void put(ReleaseViews views, Vital vital, Device device, double value, int group) {
        var cell = new Cell();
        cell.change(vital, value, 1, Sketch.UNITS);
        views.add(new GroupKey("1", Sender.FIELD, "/", vital, Navigation.LOAD, device, Connection.G4, group), cell);
    }

    private static double gaussian(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
