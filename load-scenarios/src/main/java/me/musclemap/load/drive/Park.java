package me.musclemap.load.drive;

import com.typesafe.scalalogging.Logger;
import io.gatling.core.action.Action;
import io.gatling.core.session.Session;
import io.gatling.core.structure.ScenarioContext;
import io.gatling.javaapi.core.ActionBuilder;
import java.util.function.BiConsumer;

/** A place in a scenario where a Gatling virtual user stops, on its event loop, until it is told to go on. */
record Park(String name, BiConsumer<Session, Action> arrival) implements ActionBuilder {
    @Override
    public io.gatling.core.action.builder.ActionBuilder asScala() {
        return new io.gatling.core.action.builder.ActionBuilder() {
            @Override
            public Action build(ScenarioContext context, Action next) {
                return new Stop(name, arrival, next);
            }
        };
    }

    /** The action itself: it hands on the session and the action after it, and does nothing more. */
    private static final class Stop implements Action {
        private final String name;
        private final BiConsumer<Session, Action> arrival;
        private final Action next;

        Stop(String name, BiConsumer<Session, Action> arrival, Action next) {
            this.name = name;
            this.arrival = arrival;
            this.next = next;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void execute(Session session) {
            arrival.accept(session, next);
        }

        @Override
        public Logger logger() {
            return Logger.apply(org.slf4j.LoggerFactory.getLogger(Park.class));
        }

        @Override
        @SuppressWarnings("checkstyle:MethodName") // the name that the Scala compiler gives the trait's field
        public void com$typesafe$scalalogging$StrictLogging$_setter_$logger_$eq(Logger ignored) {}
    }
}
