package me.musclemap.telemetry.agent;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import me.musclemap.telemetry.catalogue.Catalogue;
import me.musclemap.telemetry.catalogue.Metric;
import me.musclemap.telemetry.stations.CoreSample;
import me.musclemap.telemetry.stations.HostSample;
import me.musclemap.telemetry.stations.Snapshot;
import me.musclemap.telemetry.stations.StationSample;
import me.musclemap.telemetry.stations.Stations;

/**
 * Stations and host in the Prometheus text format. Written by hand: a metrics library would weigh more than the rest of
 * the agent. Safe for use by many threads.
 */
final class HostPage {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Stations stations;
    private final Path proc;
    private final Catalogue catalogue = Catalogue.shipped();

    HostPage(Stations stations, Path proc) {
        this.stations = stations;
        this.proc = proc;
    }

    synchronized void glance() {
        int unusedRunning = stations.glance();
    }

    synchronized String text() {
        Snapshot now = stations.look();
        var page = new Page();
        stations(page, now);
        host(page, now.host());
        memory(page);
        fileSystems(page);
        return page.text.toString();
    }

    private static void stations(Page page, Snapshot now) {
        byStation(page, now, "headroom_station_cpu_seconds_total", StationSample::cpuSeconds);
        byStation(page, now, "headroom_station_jit_seconds_total", StationSample::jitSeconds);
        byStation(page, now, "headroom_station_gc_seconds_total", StationSample::gcSeconds);
        byStation(page, now, "headroom_station_resident_bytes", StationSample::residentBytes);
        byStation(page, now, "headroom_station_processes", StationSample::processes);
        byStation(page, now, "headroom_station_open_files", StationSample::openFiles);
        byStation(page, now, "headroom_station_up", sample -> sample.ended() ? 0 : 1);
    }

    private static void byStation(Page page, Snapshot now, String name, ToDoubleFunction<StationSample> value) {
        page.family(name);
        now.stations().forEach((station, sample) -> page.sample("station", station, value.applyAsDouble(sample)));
    }

    private static void host(Page page, HostSample host) {
        page.family("headroom_host_cpu_seconds_total");
        double steal = 0;
        for (CoreSample core : host.cores()) {
            page.core(core.core(), "busy", core.busySeconds());
            page.core(core.core(), "idle", core.idleSeconds());
            page.core(core.core(), "iowait", core.iowaitSeconds());
            page.core(core.core(), "steal", core.stealSeconds());
            steal += core.stealSeconds();
        }
        page.single("headroom_host_steal_seconds_total", steal);
        page.single("headroom_host_cpu_pressure_seconds_total", host.cpuPressureSeconds());
        page.single("headroom_host_io_pressure_seconds_total", host.ioPressureSeconds());
        page.single("headroom_host_memory_pressure_seconds_total", host.memoryPressureSeconds());
        page.single("headroom_host_cores", host.cores().size());
        page.single("headroom_host_running_tasks", host.runningTasks());
        page.single("headroom_host_disk_read_bytes_total", (double) host.diskReadBytes());
        page.single("headroom_host_disk_written_bytes_total", (double) host.diskWriteBytes());
        page.family("headroom_host_network_bytes_total");
        page.sample("direction", "received", (double) host.networkReceivedBytes());
        page.sample("direction", "sent", (double) host.networkSentBytes());
    }

    private void memory(Page page) {
        try {
            for (String line : Files.readAllLines(proc.resolve("meminfo"))) {
                String[] words = line.split("\\s+", -1);
                if (words[0].equals("MemTotal:")) {
                    page.single("headroom_host_memory_bytes", Long.parseLong(words[1]) * 1024.0);
                } else if (words[0].equals("MemAvailable:")) {
                    page.single("headroom_host_memory_available_bytes", Long.parseLong(words[1]) * 1024.0);
                }
            }
        } catch (IOException e) {
            throw AgentException.failed("/proc/meminfo cannot be read: " + e.getMessage(), e);
        }
    }

    /** File systems on disks, and temporary ones that are the root; the rest is the kernel's own. */
    private static void fileSystems(Page page) {
        var sizes = new TreeMap<String, Double>();
        var free = new TreeMap<String, Double>();
        for (FileStore store : Path.of("/").getFileSystem().getFileStores()) {
            String mountPoint = store.toString().replaceFirst(" \\(.*\\)$", "");
            if (store.name().startsWith("/dev/") || mountPoint.equals("/")) {
                try {
                    sizes.put(mountPoint, (double) store.getTotalSpace());
                    free.put(mountPoint, (double) store.getUsableSpace());
                } catch (IOException e) {
                    // Unmounted meanwhile, or not ours to see: it has no line, which an absent() rule notices.
                    sizes.remove(mountPoint);
                }
            }
        }
        page.family("headroom_host_filesystem_bytes");
        sizes.forEach((mountPoint, bytes) -> page.sample("mountpoint", mountPoint, bytes));
        page.family("headroom_host_filesystem_available_bytes");
        free.forEach((mountPoint, bytes) -> page.sample("mountpoint", mountPoint, bytes));
    }

    /** The text while it is written. */
    private final class Page {
        private final StringBuilder text = new StringBuilder();
        private String name = "";

        void family(String family) {
            Metric metric = catalogue.metric(family);
            name = family;
            text.append("# HELP ")
                    .append(family)
                    .append(' ')
                    .append(metric.help())
                    .append('\n');
            text.append("# TYPE ")
                    .append(family)
                    .append(' ')
                    .append(metric.type().word())
                    .append('\n');
        }

        void sample(String label, String labelValue, double value) {
            write("{" + label + "=\"" + escaped(labelValue) + "\"}", value);
        }

        void core(int core, String mode, double seconds) {
            write("{core=\"" + core + "\",mode=\"" + mode + "\"}", seconds);
        }

        void single(String family, double value) {
            family(family);
            write("", value);
        }

        void single(String family, OptionalDouble value) {
            value.ifPresent(present -> single(family, present));
        }

        private void write(String labels, double value) {
            text.append(name).append(labels).append(' ');
            if (value == Math.rint(value) && Math.abs(value) < 1e15) {
                text.append((long) value);
            } else {
                text.append(String.format(Locale.ROOT, "%.6f", value));
            }
            text.append('\n');
        }

        private static String escaped(String value) {
            return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        }
    }
}
