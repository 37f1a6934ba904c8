package me.musclemap.alerts.capacity;

/**
 * The utilisation of the shared cores that the model expects, as a straight line through the measured part of its curve.
 *
 * @param idleRatio utilisation without load
 * @param ratioPerRequestPerSecond slope
 * @param largestDeviation how far the curve leaves the line, as a share of the cores
 */
public record ExpectedCpu(double idleRatio, double ratioPerRequestPerSecond, double largestDeviation) {
    /**
     * The least-squares line through the points that are not extrapolated, or through all when fewer than two are.
     *
     * <p>Source: ordinary least squares for one variable.
     */
    public static ExpectedCpu of(CapacityAnswer capacity) {
        var measured =
                capacity.curve().stream().filter(point -> !point.extrapolated()).toList();
        var points = measured.size() < 2 ? capacity.curve() : measured;
        double meanRate = points.stream()
                .mapToDouble(CapacityAnswer.CurvePoint::requestsPerSecond)
                .average()
                .orElse(0);
        double meanCpu = points.stream()
                .mapToDouble(CapacityAnswer.CurvePoint::totalUtilisation)
                .average()
                .orElse(0);
        double spread = 0;
        double together = 0;
        for (var point : points) {
            double fromMean = point.requestsPerSecond() - meanRate;
            spread += fromMean * fromMean;
            together += fromMean * (point.totalUtilisation() - meanCpu);
        }
        double slope = spread > 0 ? together / spread : 0;
        double idle = meanCpu - slope * meanRate;
        double deviation = points.stream()
                .mapToDouble(point -> Math.abs(point.totalUtilisation() - idle - slope * point.requestsPerSecond()))
                .max()
                .orElse(0);
        return new ExpectedCpu(idle, slope, deviation);
    }
}
