package me.musclemap.rum.spool;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import me.musclemap.rum.beacon.Connection;
import me.musclemap.rum.beacon.Device;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;

/**
 * All that is kept of a beacon: no address, no URL, no id of a person or a page view.
 *
 * @param receivedMillis the collector's clock
 * @param route the page's route template
 */
public record KeptBeacon(
        long receivedMillis,
        Sender sender,
        String route,
        Device device,
        Connection connection,
        String release,
        List<Value> values) {
    private static final int VERSION = 1;

    /**
     * One value.
     *
     * @param idHash of the page's own id of this vital: only to tell a repeated value from a new one
     */
    public record Value(
            Vital vital, long idHash, double value, boolean isDelta, long sentAtMillis, Navigation navigation) {}

    /** Copies the list. */
    public KeptBeacon {
        values = List.copyOf(values);
    }

    /** The bytes of a record in the segment log. */
    public byte[] encode() {
        var bytes = new ByteArrayOutputStream(64 + 48 * values.size());
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(receivedMillis);
            out.writeUTF(sender.name());
            out.writeUTF(route);
            out.writeUTF(device.name());
            out.writeUTF(connection.name());
            out.writeUTF(release);
            out.writeShort(values.size());
            for (Value value : values) {
                out.writeUTF(value.vital.name());
                out.writeLong(value.idHash);
                out.writeDouble(value.value);
                out.writeBoolean(value.isDelta);
                out.writeLong(value.sentAtMillis);
                out.writeUTF(value.navigation.name());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads the bytes of a record.
     *
     * @throws IllegalArgumentException if they are of another version, or are not a record
     */
    public static KeptBeacon decode(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalArgumentException(
                        "a record of version " + version + ", this program reads " + VERSION);
            }
            long receivedMillis = in.readLong();
            Sender sender = Sender.valueOf(in.readUTF());
            String route = in.readUTF();
            Device device = Device.valueOf(in.readUTF());
            Connection connection = Connection.valueOf(in.readUTF());
            String release = in.readUTF();
            int count = in.readUnsignedShort();
            var values = new ArrayList<Value>(count);
            for (int i = 0; i < count; i++) {
                values.add(new Value(
                        Vital.valueOf(in.readUTF()),
                        in.readLong(),
                        in.readDouble(),
                        in.readBoolean(),
                        in.readLong(),
                        Navigation.valueOf(in.readUTF())));
            }
            return new KeptBeacon(receivedMillis, sender, route, device, connection, release, values);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a record: " + e, e);
        }
    }
}
