package me.musclemap.alerts.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Memory, disks and stolen CPU of the host. */
final class Host {
    private static final String DISK_USED = "filesystem:used:ratio";
    private static final String MEMORY_USED = "host:memory_used:bytes";

    private Host() {}

    static List<Recording> recordings() {
        return List.of(
                Recording.of(
                        DISK_USED,
                        "1 - clamp_max(headroom_host_filesystem_available_bytes / headroom_host_filesystem_bytes, 1)"),
                Recording.of(MEMORY_USED, "headroom_host_memory_bytes - headroom_host_memory_available_bytes"),
                Recording.of("host:steal:ratio", "rate(headroom_host_steal_seconds_total[5m]) / headroom_host_cores"));
    }

    static List<Alert> alerts(Inputs inputs, List<RuleBook.Omitted> omitted) {
        var alerts = new ArrayList<Alert>();
        alerts.add(diskHigh());
        alerts.add(diskSoon());
        inputs.capacity().threshold("memory").ifPresent(limit -> {
            if (limit.reachable()) {
                alerts.add(memory(limit.critical(), limit.why()));
            } else {
                omitted.add(new RuleBook.Omitted("MemoryHigh", limit.why()));
            }
        });
        alerts.add(steal());
        return alerts;
    }

    private static Alert diskHigh() {
        return new Alert(
                "DiskUsageHigh",
                Severity.WARNING,
                DISK_USED + " > 0.8",
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                "storage",
                "{{ $labels.mountpoint }} is {{ $value | humanizePercentage }} full",
                "A file system is more than 80 % full.",
                List.of(new Alert.Limit("use of a file system", "> 80 %", "the plan, 6.1")),
                DISK);
    }

    private static Alert diskSoon() {
        return new Alert(
                "DiskFullSoon",
                Severity.CRITICAL,
                "predict_linear(headroom_host_filesystem_available_bytes[6h], 4 * 86400) < 0\nand " + DISK_USED
                        + " > 0.6",
                Duration.ofHours(1),
                Duration.ofMinutes(30),
                "storage",
                "{{ $labels.mountpoint }} is full within four days",
                "The last six hours, drawn on as a line, fill the file system within four days.",
                List.of(
                        new Alert.Limit(
                                "room in four days, by a line through 6 h",
                                "< 0",
                                "fixed: a weekend plus a day to act"),
                        new Alert.Limit("use now", "> 60 %", "fixed: below it a burst of writing is no trend")),
                DISK);
    }

    private static Alert memory(double bytes, String why) {
        return new Alert(
                "MemoryHigh",
                Severity.WARNING,
                MEMORY_USED + " > " + Inputs.number(bytes),
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                "memory",
                "{{ $value | humanize1024 }}B of memory are taken",
                "Programs take more memory than the model allows; the file cache of PostgreSQL is what pays first.",
                List.of(new Alert.Limit(
                        "memory that programs hold",
                        String.format(Locale.ROOT, "> %,.1f GB", bytes / 1e9),
                        "capacity.json: " + why)),
                new Alert.Runbook(
                        "When memory runs out the kernel ends the largest process, which is the API or PostgreSQL.",
                        List.of(
                                "Memory by station on the dashboard: which one grows?",
                                "Is the growth steady (a leak) or does it follow the load?"),
                        List.of(
                                "A leak in the API: take a heap dump, then restart one instance.",
                                "PostgreSQL: work_mem times connections; lower one of the two.",
                                "Redis: set maxmemory and an eviction policy if there is none.")));
    }

    private static Alert steal() {
        return new Alert(
                "HostStealHigh",
                Severity.INFO,
                "host:steal:ratio > 0.02",
                Duration.ofMinutes(15),
                Duration.ofMinutes(15),
                "model",
                "The hypervisor takes {{ $value | humanizePercentage }} of the CPU",
                "The host gives CPU time to other machines. Capacity numbers do not hold meanwhile.",
                List.of(new Alert.Limit(
                        "CPU steal", "> 2 %", "fixed: the limit above which a calibration window is repeated")),
                new Alert.Runbook(
                        "The machine has fewer cores than it says. Latency rises without more load.",
                        List.of("How long has it lasted? A neighbour's nightly job ends by itself."),
                        List.of("Lasting for days: ask the provider to move the machine, with this graph.")));
    }

    private static final Alert.Runbook DISK = new Alert.Runbook(
            "A full disk stops PostgreSQL and loses what was in flight.",
            List.of(
                    "What grows: the database, its write-ahead log, logs, or backups?",
                    "pg_replication_slots: an unused slot keeps the write-ahead log for ever."),
            List.of(
                    "Remove old backups and rotated logs first; never files inside the database's directory.",
                    "An unused replication slot: drop it.",
                    "The database itself: enlarge the disk, then look at what can be archived."));
}
