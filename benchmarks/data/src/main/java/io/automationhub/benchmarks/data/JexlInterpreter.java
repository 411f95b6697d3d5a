package io.automationhub.benchmarks.data;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.commons.jexl3.JexlBuilder;
import org.apache.commons.jexl3.JexlContext;
import org.apache.commons.jexl3.JexlEngine;
import org.apache.commons.jexl3.JexlExpression;
import org.apache.commons.jexl3.JxltEngine;
import org.apache.commons.jexl3.MapContext;
import org.apache.commons.jexl3.introspection.JexlPermissions;

/** Apache Commons JEXL with its own interpreter, and JXLT for the template. */
final class JexlInterpreter implements Language {

    private final JexlEngine engine = new JexlBuilder()
            .permissions(JexlPermissions.UNRESTRICTED)
            .strict(true)
            .cache(16)
            .create();
    private final JexlContext context = new MapContext(Map.of("input", Task.order()));

    @Override
    public Supplier<Object> condition() {
        return expression("input.order.total > 100");
    }

    @Override
    public Supplier<Object> template() {
        JxltEngine.Expression template = engine.createJxltEngine()
                .createExpression("Hello ${input.name}, order ${input.id}: ${input.order.total}");
        return () -> template.evaluate(context);
    }

    @Override
    public Supplier<Object> functions() {
        return expression("input.text.trim().toLowerCase().replace('a', 'i').substring(1).replace('e', 'i')"
                + ".replace('o', 'i').replace('u', 'i').substring(0, 12).toUpperCase().trim()");
    }

    private Supplier<Object> expression(String source) {
        JexlExpression expression = engine.createExpression(source);
        return () -> expression.evaluate(context);
    }
}
