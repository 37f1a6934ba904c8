package me.musclemap.capacity.predict;

import java.util.Optional;
import me.musclemap.capacity.fit.DemandModel;

/** How long requests take under a load, in seconds. */
public interface ResponseModel {
    /** Beyond this every formula is extrapolation: response times are taken here. */
    double UTILISATION_MAX = 0.995;

    /** The best estimate in seconds. */
    double seconds(ResponseQuantity quantity, DemandModel model, TrafficMix mix, double utilisation, double cores);

    /** One draw of the mean over many windows, in seconds. */
    double seconds(
            int draw, ResponseQuantity quantity, DemandModel model, TrafficMix mix, double utilisation, double cores);

    /** What one window strays by from a draw, as a factor. */
    double stray(
            int draw, ResponseQuantity quantity, DemandModel model, TrafficMix mix, double utilisation, double cores);

    /** How a quantity answers to load in a mix, so that a window is judged at the load that it in fact had; empty where not known. */
    Optional<Stretch> stretch(ResponseQuantity quantity, DemandModel model, TrafficMix mix, double cores);

    /**
     * A time grows in proportion to 1 + slope (stretch(u) / stretch(reference) - 1), where stretch is one more than the mean
     * wait over the service time.
     *
     * @param share of the load that a request of this size waits behind: the scheduler lets a short one go before the rest of
     *     a long one
     */
    record Stretch(double referenceUtilisation, double slope, double share, double cores) {
        /** The factor at a utilisation, 1 at the reference. */
        public double at(double utilisation) {
            return Math.max(0.05, 1 + slope * beyond(utilisation));
        }

        /** Stretch over that of the reference, less one. */
        double beyond(double utilisation) {
            return of(share * utilisation, cores) / of(share * referenceUtilisation, cores) - 1;
        }

        static double of(double utilisation, double cores) {
            double busy = Math.max(0, Math.min(UTILISATION_MAX, utilisation));
            return 1 + ProcessorSharing.waitRatio(busy, (int) Math.max(1, Math.round(cores)));
        }
    }
}
