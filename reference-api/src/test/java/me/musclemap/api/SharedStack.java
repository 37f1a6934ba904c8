package me.musclemap.api;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands one running stack to all test classes that ask for it, and stops it after the last. */
final class SharedStack implements ParameterResolver {
    private static final Namespace HERE = Namespace.create(SharedStack.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestStack.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var store = context.getRoot().getStore(HERE);
        return store.getOrComputeIfAbsent(Held.class, key -> new Held(TestStack.start()), Held.class)
                .stack();
    }

    private record Held(TestStack stack) implements AutoCloseable {
        @Override
        public void close() {
            stack.close();
        }
    }
}
