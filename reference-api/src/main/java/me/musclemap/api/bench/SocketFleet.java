package me.musclemap.api.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import me.musclemap.api.Problem;

/** Many WebSocket clients on one thread. For one thread. */
final class SocketFleet implements AutoCloseable {
    /** From one address there are about 28,000 ports, and a closed connection holds its own for a minute. */
    private static final int SOCKETS_PER_ADDRESS = 8_000;

    private static final int CONNECTING_MAX = 256;
    private static final byte[] PING = masked("{\"type\":\"ping\"}");

    private final int port;
    private final byte[] hello;
    private final Selector selector;
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer read = ByteBuffer.allocateDirect(64 * 1024);
    private int connecting;
    private int open;
    private int refused;
    private int addressesUsed;
    private long frames;
    private long bytes;
    private long eventSentNanos;
    private int eventLength;
    private int arrived;
    private int[] lengths = new int[4_096];
    private long[] latencies = new long[0];

    SocketFleet(int port, String path, boolean deflate) {
        this.port = port;
        this.hello = ("GET " + path + " HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + (deflate ? "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" : "")
                        + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw Problem.failed("cannot open a selector", e);
        }
    }

    private static byte[] masked(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length); // the mask is zero
        return frame;
    }

    private static final class Client {
        private final SocketChannel channel;
        private boolean upgraded;
        private byte[] rest = new byte[0];

        Client(SocketChannel channel) {
            this.channel = channel;
        }
    }

    int open() {
        return open;
    }

    int refused() {
        return refused;
    }

    long bytes() {
        return bytes;
    }

    long frames() {
        return frames;
    }

    /** Opens until {@code count} are open, or refused, within {@code patience}. */
    void grow(int count, Duration patience) {
        int wanted = count - clients.size();
        int[] begun = {0};
        int goal = count;
        pump(patience, () -> {
            while (begun[0] < wanted && connecting < CONNECTING_MAX) {
                connect(begun[0]++);
            }
            return begun[0] == wanted && connecting == 0 && open + refused >= goal;
        });
        addressesUsed += (wanted + SOCKETS_PER_ADDRESS - 1) / SOCKETS_PER_ADDRESS;
    }

    private void connect(int nth) {
        try {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            int host = 2 + (addressesUsed + nth / SOCKETS_PER_ADDRESS) % 250;
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host}), 0));
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            var client = new Client(channel);
            clients.add(client);
            connecting++;
            channel.register(selector, SelectionKey.OP_CONNECT, client);
        } catch (IOException e) {
            throw Problem.failed("cannot open socket " + clients.size() + " (is the limit on open files too low?)", e);
        }
    }

    /** Works until {@code done}, or for {@code patience}. */
    boolean pump(Duration patience, BooleanSupplier done) {
        long until = System.nanoTime() + patience.toNanos();
        try {
            while (!done.getAsBoolean()) {
                if (System.nanoTime() > until) {
                    return false;
                }
                selector.select(this::ready, 20);
            }
            return true;
        } catch (IOException e) {
            throw Problem.failed("the fleet cannot go on", e);
        }
    }

    private void ready(SelectionKey key) {
        Client client = (Client) key.attachment();
        try {
            if (key.isConnectable()) {
                client.channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                client.channel.write(ByteBuffer.wrap(hello));
            } else if (key.isReadable()) {
                read(client);
            }
        } catch (IOException e) {
            lose(client);
        }
    }

    private void read(Client client) throws IOException {
        read.clear();
        read.put(client.rest);
        if (client.channel.read(read) < 0) {
            lose(client);
            return;
        }
        read.flip();
        long now = System.nanoTime();
        if (!client.upgraded) {
            int end = endOfHead();
            if (end < 0) {
                keepRest(client);
                return;
            }
            connecting--;
            if (read.get(9) != '1' || read.get(10) != '0' || read.get(11) != '1') {
                connecting++;
                lose(client);
                return;
            }
            read.position(end);
            client.upgraded = true;
            open++;
        }
        while (read.remaining() >= 2) {
            int length = read.get(read.position() + 1) & 0x7F;
            int head = 2;
            if (length == 126) {
                if (read.remaining() < 4) {
                    break;
                }
                length = read.getShort(read.position() + 2) & 0xFFFF;
                head = 4;
            }
            if (read.remaining() < head + length) {
                break;
            }
            read.position(read.position() + head + length);
            frame(length, now);
            bytes += head + length;
        }
        keepRest(client);
    }

    private void frame(int length, long now) {
        frames++;
        lengths[Math.min(length, lengths.length - 1)]++;
        if (length == eventLength && arrived < latencies.length) {
            latencies[arrived++] = now - eventSentNanos;
        }
    }

    private int endOfHead() {
        for (int i = 3; i < read.limit(); i++) {
            if (read.get(i) == '\n' && read.get(i - 2) == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private void keepRest(Client client) {
        client.rest = read.hasRemaining() ? new byte[read.remaining()] : new byte[0];
        read.get(client.rest);
    }

    private void lose(Client client) {
        if (client.upgraded) {
            open--;
        } else {
            connecting--;
        }
        refused++;
        try {
            client.channel.close();
        } catch (IOException e) {
            throw Problem.failed("cannot close a socket", e);
        }
    }

    /** Each sends a ping, spread over {@code lasting}, and hears the pong. */
    void ping(Duration lasting) {
        long before = frames;
        long began = System.nanoTime();
        int[] sent = {0};
        pump(lasting.plusSeconds(20), () -> {
            double share = (System.nanoTime() - began) / (double) lasting.toNanos();
            while (sent[0] < clients.size() && sent[0] < share * clients.size()) {
                write(clients.get(sent[0]++));
            }
            return sent[0] == clients.size() && frames - before >= open;
        });
    }

    private static void write(Client client) {
        try {
            client.channel.write(ByteBuffer.wrap(PING));
        } catch (IOException e) {
            throw Problem.failed("a socket of the fleet broke", e);
        }
    }

    /** How long an event takes to each socket: the latencies in nanoseconds, ascending, of those that got it. */
    long[] event(Runnable publish) {
        arrived = 0;
        latencies = new long[open];
        eventSentNanos = System.nanoTime();
        publish.run();
        pump(Duration.ofSeconds(30), () -> arrived >= latencies.length);
        long[] sorted = Arrays.copyOf(latencies, arrived);
        Arrays.sort(sorted);
        return sorted;
    }

    /** Learns how long the frame of an event is, by sending one: it is what most sockets get. */
    void learn(Runnable publish) {
        eventLength = -1;
        lengths = new int[4_096];
        long before = frames;
        publish.run();
        pump(Duration.ofSeconds(30), () -> frames - before >= open);
        for (int i = 1, most = 0; i < lengths.length; i++) {
            if (lengths[i] > most) {
                most = lengths[i];
                eventLength = i;
            }
        }
    }

    /** All are gone at once, without a goodbye. */
    void vanish() {
        for (Client client : clients) {
            try {
                client.channel.close();
            } catch (IOException e) {
                throw Problem.failed("cannot close a socket", e);
            }
        }
        clients.clear();
        open = 0;
        refused = 0;
        connecting = 0;
        try {
            selector.selectNow();
        } catch (IOException e) {
            throw Problem.failed("the fleet cannot go on", e);
        }
    }

    @Override
    public void close() {
        vanish();
        try {
            selector.close();
        } catch (IOException e) {
            throw Problem.failed("cannot close the selector", e);
        }
    }
}
