package me.musclemap.load.drive;

import io.gatling.core.action.Action;
import io.gatling.core.session.Session;
import me.musclemap.load.schedule.Resident;
import me.musclemap.load.schedule.Residents.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * One carrier: a Gatling virtual user that waits to be given a request, and the request it carries. The dispatcher writes it before it
 * hands the carrier to its event loop, and reads it after the carrier came back; nobody else touches it in between but that event loop.
 */
final class Flight {
    /** The session attribute under which a carrier finds its flight. */
    static final String ATTRIBUTE = "flight";

    private static final byte[] NOTHING = new byte[0];

    final int number;
    private final Session session;
    private final Action next;

    @Nullable
    Resident resident;

    @Nullable
    OperationPlan plan;

    Purpose purpose = Purpose.STEP;
    long dueNanos;
    /** When the generator could send it: it was due, a carrier was idle, and the user had a token. */
    long readyNanos;

    String url = "";
    byte[] body = NOTHING;

    @Nullable
    String token;

    @Nullable
    String cookie;

    String address = "";
    String traceParent = "";

    long sentNanos;
    long endedNanos;
    /** The HTTP status; 0 while there is none. */
    int status;
    /** Why it failed; null when it did not. */
    @Nullable
    String failure;
    /** How the target refused it although it answered; null when it did not. Only of operations that expect it. */
    @Nullable
    String refusal;
    /** The id of the set that the answer acknowledges. */
    @Nullable
    String acknowledged;
    /** The token or workout that the answer gave. */
    @Nullable
    String kept;

    @Nullable
    String keptCookie;

    Flight(int number, Session session, Action next) {
        this.number = number;
        this.session = session.set(ATTRIBUTE, this);
        this.next = next;
    }

    static Flight of(io.gatling.javaapi.core.Session session) {
        Flight flight = session.get(ATTRIBUTE);
        if (flight == null) {
            throw new IllegalStateException("a carrier without a flight");
        }
        return flight;
    }

    boolean busy() {
        return plan != null;
    }

    OperationPlan plan() {
        if (plan == null) {
            throw new IllegalStateException("carrier " + number + " carries nothing");
        }
        return plan;
    }

    Resident resident() {
        if (resident == null) {
            throw new IllegalStateException("carrier " + number + " carries nothing");
        }
        return resident;
    }

    /** Lets the carrier go on with the request it was given. */
    void depart() {
        sentNanos = 0;
        endedNanos = 0;
        status = 0;
        failure = null;
        refusal = null;
        acknowledged = null;
        kept = null;
        keptCookie = null;
        session.eventLoop().execute(() -> next.execute(session));
    }

    void land() {
        resident = null;
        plan = null;
        token = null;
        cookie = null;
        body = NOTHING;
    }
}
