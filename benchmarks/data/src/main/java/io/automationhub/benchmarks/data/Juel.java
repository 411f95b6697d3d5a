package io.automationhub.benchmarks.data;

import de.odysseus.el.ExpressionFactoryImpl;
import de.odysseus.el.util.SimpleContext;
import java.util.Map;
import java.util.function.Supplier;
import javax.el.ValueExpression;

/** JUEL, the unified expression language that Activiti, Camunda and Flowable began with. */
final class Juel implements Language {

    private final ExpressionFactoryImpl factory = new ExpressionFactoryImpl();
    private final SimpleContext context = new SimpleContext();

    Juel() {
        context.setVariable("input", factory.createValueExpression(Task.order(), Map.class));
    }

    @Override
    public Supplier<Object> condition() {
        return expression("${input.order.total > 100}", Boolean.class);
    }

    @Override
    public Supplier<Object> template() {
        return expression("Hello ${input.name}, order ${input.id}: ${input.order.total}", String.class);
    }

    @Override
    public Supplier<Object> functions() {
        return expression(
                "${input.text.trim().toLowerCase().replace('a', 'i').substring(1).replace('e', 'i')"
                        + ".replace('o', 'i').replace('u', 'i').substring(0, 12).toUpperCase().trim()}",
                String.class);
    }

    private Supplier<Object> expression(String source, Class<?> type) {
        ValueExpression expression = factory.createValueExpression(context, source, type);
        return () -> expression.getValue(context);
    }
}
