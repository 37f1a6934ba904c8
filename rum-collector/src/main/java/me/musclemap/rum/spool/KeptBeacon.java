package me.musclemap.rum.spool;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import me.musclemap.rum.beacon.Connection;
import me.musclemap.rum.beacon.Device;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.sketch.CellKey;
import me.musclemap.rum.sketch.Sketch;

/**
 * All that is kept of a beacon: no address, no URL, no id of a person or a page view.
 *
 * @param receivedMillis the collector's clock
 * @param country two letters, {@value CellKey#NO_COUNTRY} if nobody whom we trust has told
 * @param group of sessions, for the comparison of releases; -1 if the beacon names neither session nor page view
 * @param weightUnits what it stands for, {@value Sketch#UNITS} to a page view: more where only a share is sent or kept
 * @param traceId of the request that answered with the page: 32 hexadecimal digits, or empty
 */
@SuppressWarnings("EnumOrdinal") // the format of the log: names are only ever added at the end
public record KeptBeacon(
        long receivedMillis,
        Sender sender,
        Device device,
        Connection connection,
        String country,
        String release,
        int group,
        int weightUnits,
        String traceId,
        List<Value> values) {
    private static final int VERSION = 2;
    private static final Sender[] SENDERS = Sender.values();
    private static final Device[] DEVICES = Device.values();
    private static final Connection[] CONNECTIONS = Connection.values();
    private static final Vital[] VITALS = Vital.values();
    private static final Navigation[] NAVIGATIONS = Navigation.values();

    /**
     * One value.
     *
     * @param idHash of the page's own id of this vital: only to tell a repeated value from a new one
     * @param route the page's route template
     * @param target the element it is attributed to, in known words; empty if none is told
     */
    public record Value(
            Vital vital,
            long idHash,
            double value,
            boolean isDelta,
            long sentAtMillis,
            Navigation navigation,
            String route,
            String target) {}

    /** Copies the list. */
    public KeptBeacon {
        values = List.copyOf(values);
    }

    /** The bytes of a record in the log. Names stand in it by their place, so new ones are added at the end only. */
    public byte[] encode() {
        var out = new Varints.Writer(128 + 80 * values.size());
        out.unsigned(VERSION);
        out.unsigned(receivedMillis);
        out.unsigned(sender.ordinal());
        out.unsigned(device.ordinal());
        out.unsigned(connection.ordinal());
        text(out, country);
        text(out, release);
        out.signed(group);
        out.unsigned(weightUnits);
        text(out, traceId);
        out.unsigned(values.size());
        String route = "";
        for (Value value : values) {
            out.unsigned(value.vital.ordinal());
            out.fixed(value.idHash);
            out.fixed(Double.doubleToLongBits(value.value));
            out.unsigned(value.isDelta ? 1 : 0);
            out.unsigned(value.sentAtMillis);
            out.unsigned(value.navigation.ordinal());
            text(out, value.route.equals(route) ? "" : value.route);
            route = value.route;
            text(out, value.target);
        }
        return out.bytes();
    }

    private static void text(Varints.Writer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.unsigned(bytes.length);
        out.bytes(bytes);
    }

    /**
     * The beacon of a record.
     *
     * @throws IllegalArgumentException if the bytes are none
     */
    public static KeptBeacon decode(byte[] bytes) {
        if (bytes.length > 0 && bytes[0] == 1) {
            return decodeFirstFormat(bytes);
        }
        var in = new Varints.Reader(bytes);
        long version = in.unsigned();
        if (version != VERSION) {
            throw new IllegalArgumentException("a record of version " + version + ", this program reads " + VERSION);
        }
        long receivedMillis = in.unsigned();
        Sender sender = one(SENDERS, in);
        Device device = one(DEVICES, in);
        Connection connection = one(CONNECTIONS, in);
        String country = text(in);
        String release = text(in);
        int group = (int) in.signed();
        int weightUnits = (int) in.unsigned();
        String traceId = text(in);
        int count = (int) in.unsigned();
        var values = new ArrayList<Value>(Math.min(count, 64));
        String route = "";
        for (int i = 0; i < count; i++) {
            Vital vital = one(VITALS, in);
            long idHash = in.fixed();
            double value = Double.longBitsToDouble(in.fixed());
            boolean isDelta = in.unsigned() == 1;
            long sentAtMillis = in.unsigned();
            Navigation navigation = one(NAVIGATIONS, in);
            String own = text(in);
            route = own.isEmpty() ? route : own;
            values.add(new Value(vital, idHash, value, isDelta, sentAtMillis, navigation, route, text(in)));
        }
        return new KeptBeacon(
                receivedMillis, sender, device, connection, country, release, group, weightUnits, traceId, values);
    }

    private static <T> T one(T[] names, Varints.Reader in) {
        long place = in.unsigned();
        if (place < 0 || place >= names.length) {
            throw new IllegalArgumentException("a record with name " + place + " of " + names.length);
        }
        return names[(int) place];
    }

    private static String text(Varints.Reader in) {
        return new String(in.bytes((int) in.unsigned()), StandardCharsets.UTF_8);
    }

    /** Records as the first version of this program wrote them. */
    private static KeptBeacon decodeFirstFormat(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            in.readByte();
            long receivedMillis = in.readLong();
            Sender sender = Sender.valueOf(in.readUTF());
            String route = in.readUTF();
            Device device = Device.valueOf(in.readUTF());
            Connection connection = Connection.valueOf(in.readUTF());
            String release = in.readUTF();
            int count = in.readUnsignedShort();
            var values = new ArrayList<Value>(count);
            for (int i = 0; i < count; i++) {
                Vital vital = Vital.valueOf(in.readUTF());
                values.add(new Value(
                        vital,
                        in.readLong(),
                        in.readDouble(),
                        in.readBoolean(),
                        in.readLong(),
                        Navigation.valueOf(in.readUTF()),
                        route,
                        ""));
            }
            return new KeptBeacon(
                    receivedMillis,
                    sender,
                    device,
                    connection,
                    CellKey.NO_COUNTRY,
                    release,
                    -1,
                    Sketch.UNITS,
                    "",
                    values);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a record: " + e, e);
        }
    }
}
