package me.musclemap.rum.bench;

import java.util.List;
import java.util.SplittableRandom;
import me.musclemap.rum.beacon.Connection;
import me.musclemap.rum.beacon.Device;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.compare.ReleaseViews;
import me.musclemap.rum.sketch.Cell;
import me.musclemap.rum.sketch.GroupKey;
import me.musclemap.rum.sketch.Sketch;

/**
 * Made-up visits of a release, for finding out how often a comparison is right: sessions of about five page views that are
 * alike (a slow phone is slow on each page), times that are lognormal with a Pareto tail, phones slower than desktops.
 *
 * @param views how many page views
 * @param mobileShare of them
 * @param slower what all times are multiplied by
 */
record Visits(int views, double mobileShare, double slower) {
    private static final List<String> ROUTES = List.of("/", "/workouts", "/exercises/{id}", "/feed");
    private static final double OTHER_PAGE_AFTER = 0.8;

    ReleaseViews of(String release, SplittableRandom random) {
        var all = new ReleaseViews();
        int made = 0;
        while (made < views) {
            boolean mobile = random.nextDouble() < mobileShare;
            boolean slowNet = random.nextDouble() < (mobile ? 0.3 : 0.1);
            int group = random.nextInt(GroupKey.GROUPS);
            double ofSession = Math.exp(0.4 * gaussian(random));
            do {
                int route = random.nextInt(ROUTES.size());
                double base = (mobile ? 2100 : 1200) * (slowNet ? 1.6 : 1) * (0.8 + 0.15 * route);
                double value = base * ofSession * slower * Math.exp(0.35 * gaussian(random));
                if (random.nextDouble() < 0.03) {
                    value *= Math.pow(1 - random.nextDouble(), -0.7);
                }
                var cell = new Cell();
                cell.change(Vital.LCP, Math.min(value, 600_000), 1, Sketch.UNITS);
                all.add(
                        new GroupKey(
                                release,
                                Sender.FIELD,
                                ROUTES.get(route),
                                Vital.LCP,
                                Navigation.LOAD,
                                mobile ? Device.MOBILE : Device.DESKTOP,
                                slowNet ? Connection.G3 : Connection.G4,
                                group),
                        cell);
                made++;
            } while (made < views && random.nextDouble() < OTHER_PAGE_AFTER);
        }
        return all;
    }

    private static double gaussian(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
