package io.automationhub.benchmarks.data;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Language;
import org.apache.camel.support.DefaultExchange;

/** Camel Simple, over a message with the order in its headers; a path into nested maps would cost it 270 µs. */
final class CamelSimple implements io.automationhub.benchmarks.data.Language {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Language simple;
    private final Exchange exchange = new DefaultExchange(context);

    CamelSimple() {
        context.build();
        simple = context.resolveLanguage("simple");
        Task.order().forEach(exchange.getMessage()::setHeader);
        exchange.getMessage().setHeader("total", ((Map<?, ?>) Task.order().get("order")).get("total"));
    }

    @Override
    public Supplier<Object> condition() {
        Predicate predicate = simple.createPredicate("${header.total} > 100");
        predicate.init(context);
        return () -> predicate.matches(exchange);
    }

    @Override
    public Supplier<Object> template() {
        return expression("Hello ${header.name}, order ${header.id}: ${header.total}");
    }

    @Override
    public Supplier<Object> functions() {
        return expression(
                "${header.text.trim().toLowerCase().replace('a','i').substring(1).replace('e','i').replace('o','i')"
                        + ".replace('u','i').substring(0,12).toUpperCase().trim()}");
    }

    private Supplier<Object> expression(String source) {
        Expression expression = simple.createExpression(source);
        expression.init(context);
        return () -> expression.evaluate(exchange, String.class);
    }
}
