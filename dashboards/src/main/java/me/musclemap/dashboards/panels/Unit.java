package me.musclemap.dashboards.panels;

/** The unit of a panel, by Grafana's name for it. */
public enum Unit {
    /** Requests per second. */
    REQUESTS_PER_SECOND("reqps"),
    /** Other events per second. */
    PER_SECOND("ops"),
    /** A share, shown in percent. */
    SHARE("percentunit"),
    /** Seconds. */
    SECONDS("s"),
    /** Bytes. */
    BYTES("bytes"),
    /** Bytes per second. */
    BYTES_PER_SECOND("Bps"),
    /** A plain count. */
    COUNT("short"),
    /** CPU cores. */
    CORES("short"),
    /** No number. */
    NONE("none");

    private final String grafanaName;

    Unit(String grafanaName) {
        this.grafanaName = grafanaName;
    }

    /** As Grafana writes it. */
    public String grafanaName() {
        return grafanaName;
    }
}
