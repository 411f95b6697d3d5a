package io.automationhub.benchmarks.data;

import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Written by hand, over maps; the template with a StringBuilder. */
final class PlainJava implements Language {

    private final Map<String, Object> order = Task.order();

    @Override
    public Supplier<Object> condition() {
        return () -> order.get("order") instanceof Map<?, ?> inner
                && inner.get("total") instanceof Number total
                && total.doubleValue() > 100;
    }

    @Override
    public Supplier<Object> template() {
        return () -> new StringBuilder("Hello ")
                .append(order.get("name"))
                .append(", order ")
                .append(order.get("id"))
                .append(": ")
                .append(((Map<?, ?>) order.get("order")).get("total"))
                .toString();
    }

    @Override
    public Supplier<Object> functions() {
        return () -> {
            String text = order.get("text").toString();
            return text.trim()
                    .toLowerCase(Locale.ROOT)
                    .replace("a", "i")
                    .substring(1)
                    .replace("e", "i")
                    .replace("o", "i")
                    .replace("u", "i")
                    .substring(0, 12)
                    .toUpperCase(Locale.ROOT)
                    .trim();
        };
    }
}
