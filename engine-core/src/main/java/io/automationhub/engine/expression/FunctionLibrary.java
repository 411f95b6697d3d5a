package io.automationhub.engine.expression;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The functions that expressions may call: nothing that is not in it can be called. Immutable; {@link #builder} makes one. */
public final class FunctionLibrary {

    /** The library without functions. */
    public static final FunctionLibrary EMPTY = builder().build();

    private final Supplier<Builder> load;
    private volatile @Nullable Map<String, List<ExpressionFunction>> loaded;

    private FunctionLibrary(Supplier<Builder> load) {
        this.load = load;
    }

    /**
     * A library that is made when somebody first looks for a function, because many programs never do.
     *
     * @param load makes it; called once, or by several threads at the same time
     */
    public static FunctionLibrary loadedBy(Supplier<Builder> load) {
        return new FunctionLibrary(load);
    }

    private Map<String, List<ExpressionFunction>> byName() {
        Map<String, List<ExpressionFunction>> known = loaded;
        if (known == null) {
            known = load.get().copy();
            loaded = known;
        }
        return known;
    }

    /** A library that is empty yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** All functions, by namespace and name. */
    public List<ExpressionFunction> functions() {
        return byName().entrySet().stream()
                .filter(entry -> entry.getKey().indexOf(':') > 0)
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    /** Functions with a name, with or without a namespace; empty if there are none. */
    List<ExpressionFunction> find(String name) {
        return byName().getOrDefault(name, List.of());
    }

    Collection<String> names() {
        return byName().keySet();
    }

    /** Collects functions; not for use by several threads. */
    public static final class Builder {

        private final Map<String, List<ExpressionFunction>> byName = new TreeMap<>();

        private Builder() {}

        /**
         * Adds a function.
         *
         * @throws IllegalArgumentException if there is one with this namespace and name, or one with this name and the
         *     same type of receiver, so that a call could mean either
         */
        public Builder add(ExpressionFunction function) {
            String qualified = function.namespace() + ":" + function.name();
            List<ExpressionFunction> sameName = byName.computeIfAbsent(function.name(), name -> new ArrayList<>());
            for (ExpressionFunction other : sameName) {
                boolean same = other.namespace().equals(function.namespace())
                        || receiver(other) == receiver(function)
                        || receiver(other) == ValueType.ANY
                        || receiver(function) == ValueType.ANY;
                if (same) {
                    throw new IllegalArgumentException("Cannot add the function '" + function.signature()
                            + "': a call could as well mean '" + other.signature() + "'; choose another name");
                }
            }
            sameName.add(function);
            byName.put(qualified, List.of(function));
            return this;
        }

        private static ValueType receiver(ExpressionFunction function) {
            ExpressionFunction.Parameter receiver = function.receiver();
            return receiver == null ? ValueType.ANY : receiver.type();
        }

        /** The library. */
        public FunctionLibrary build() {
            FunctionLibrary library = new FunctionLibrary(() -> this);
            library.loaded = copy();
            return library;
        }

        private Map<String, List<ExpressionFunction>> copy() {
            Map<String, List<ExpressionFunction>> copy = new TreeMap<>();
            byName.forEach((name, functions) -> copy.put(name, dateFirst(functions)));
            return copy;
        }

        /** A date is text, too, so a function for dates is asked before one for text. */
        private static List<ExpressionFunction> dateFirst(List<ExpressionFunction> functions) {
            return functions.stream()
                    .sorted(java.util.Comparator.comparing(function -> receiver(function) != ValueType.DATE))
                    .toList();
        }
    }
}
