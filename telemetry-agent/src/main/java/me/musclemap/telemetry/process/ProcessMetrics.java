package me.musclemap.telemetry.process;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import me.musclemap.telemetry.meters.Meters;
import me.musclemap.telemetry.stations.ProcFs;

/**
 * What this process uses, under the names every Prometheus client library gives them. Where there is no {@code /proc},
 * the gauges are NaN.
 */
public final class ProcessMetrics {
    private final ProcFs proc = new ProcFs(Path.of("/proc"));
    private final long pid = ProcessHandle.current().pid();

    private ProcessMetrics() {}

    /** Exposes the metrics of this process. */
    public static void bindTo(Meters meters) {
        var self = new ProcessMetrics();
        meters.counted("process_cpu_seconds_total", self, ProcessMetrics::cpuSeconds);
        meters.gauge("process_resident_memory_bytes", self, ProcessMetrics::residentBytes);
        meters.gauge("process_open_fds", self, ProcessMetrics::openFiles);
        meters.counted("jvm_compilation_seconds_total", self, ProcessMetrics::compilationSeconds);
        meters.gauge("process_start_time_seconds", self, ProcessMetrics::startSeconds);
    }

    private double cpuSeconds() {
        return proc.process(pid).map(stat -> stat.ownCpuSeconds()).orElse(Double.NaN);
    }

    private double residentBytes() {
        return proc.process(pid).map(stat -> (double) stat.residentBytes()).orElse(Double.NaN);
    }

    private double openFiles() {
        return proc.openFiles(pid);
    }

    private double compilationSeconds() {
        var compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime() / 1000.0
                : Double.NaN;
    }

    private double startSeconds() {
        return ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0;
    }
}
