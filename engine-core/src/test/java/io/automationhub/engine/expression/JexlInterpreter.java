package io.automationhub.engine.expression;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.jexl3.JexlArithmetic;
import org.apache.commons.jexl3.JexlBuilder;
import org.apache.commons.jexl3.JexlEngine;
import org.apache.commons.jexl3.JexlFeatures;
import org.apache.commons.jexl3.JexlOperator;
import org.apache.commons.jexl3.MapContext;
import org.apache.commons.jexl3.introspection.JexlPermissions;

/** JEXL's own interpreter, with the meaning of our operators: what compiled expressions are compared with. */
final class JexlInterpreter {

    private final JexlEngine engine;
    private final MapContext context;

    /** @param safe whether a step beyond null gives null; otherwise it fails */
    JexlInterpreter(boolean safe, Object input) {
        engine = new JexlBuilder()
                .arithmetic(new OurArithmetic())
                .features(JexlFeatures.createNone()
                        .structuredLiteral(true)
                        .arrayReferenceExpr(true)
                        .comparatorNames(true))
                .permissions(JexlPermissions.UNRESTRICTED)
                .strict(true)
                .safe(safe)
                .silent(false)
                .cache(0)
                .create();
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("input", input);
        context = new MapContext(names);
    }

    Object evaluate(String source) {
        return Json.of(engine.createExpression(source).evaluate(context));
    }

    /** Our operators. JEXL finds {@code propertyGet} and {@code arrayGet} by their names. */
    public static final class OurArithmetic extends JexlArithmetic {

        OurArithmetic() {
            super(true);
        }

        private static Object value(Object literal) {
            return Json.of(literal);
        }

        /** What an operator makes of null is its own affair. */
        @Override
        public boolean isStrict(JexlOperator operator) {
            return false;
        }

        @Override
        public Object add(Object left, Object right) {
            return Operators.add(value(left), value(right), 1);
        }

        @Override
        public Object subtract(Object left, Object right) {
            return Operators.subtract(value(left), value(right), 1);
        }

        @Override
        public Object multiply(Object left, Object right) {
            return Operators.multiply(value(left), value(right), 1);
        }

        @Override
        public Object divide(Object left, Object right) {
            return Operators.divide(value(left), value(right), 1);
        }

        @Override
        public Object mod(Object left, Object right) {
            return Operators.remainder(value(left), value(right), 1);
        }

        @Override
        public Object negate(Object operand) {
            return Operators.negate(value(operand), 1);
        }

        @Override
        public boolean equals(Object left, Object right) {
            return Operators.equal(value(left), value(right));
        }

        @Override
        public boolean lessThan(Object left, Object right) {
            return Operators.order(value(left), value(right), 1) < 0;
        }

        @Override
        public boolean lessThanOrEqual(Object left, Object right) {
            return Operators.order(value(left), value(right), 1) <= 0;
        }

        @Override
        public boolean greaterThan(Object left, Object right) {
            return Operators.order(value(left), value(right), 1) > 0;
        }

        @Override
        public boolean greaterThanOrEqual(Object left, Object right) {
            return Operators.order(value(left), value(right), 1) >= 0;
        }

        @Override
        public boolean toBoolean(Object operand) {
            return Operators.truth(value(operand), 1);
        }

        @Override
        public Object not(Object operand) {
            return !toBoolean(operand);
        }

        /** {@code value =~ container}. */
        @Override
        public Boolean contains(Object container, Object operand) {
            return Operators.matches(value(operand), value(container), 1);
        }

        @Override
        public Boolean startsWith(Object left, Object right) {
            return Operators.affix(value(left), value(right), true, 1);
        }

        @Override
        public Boolean endsWith(Object left, Object right) {
            return Operators.affix(value(left), value(right), false, 1);
        }

        @Override
        public Boolean isEmpty(Object operand, Boolean otherwise) {
            return Operators.isEmpty(value(operand));
        }

        @Override
        public Integer size(Object operand, Integer otherwise) {
            return (int) Operators.size(value(operand), 1);
        }

        /** {@code object.field}. */
        public Object propertyGet(JsonObject object, String field) {
            return object.get(field);
        }

        /** {@code list[position]}. */
        public Object arrayGet(JsonArray list, Object position) {
            if (value(position) instanceof Long at) {
                return PathClosure.element(list, at);
            }
            throw new ExpressionException(1, "no position");
        }

        /** {@code object['key']}. */
        public Object arrayGet(JsonObject object, Object key) {
            if (key == null) {
                throw new ExpressionException(1, "no key");
            }
            return object.get(Json.toText(value(key)));
        }

        @Override
        public ArrayBuilder arrayBuilder(int size, boolean extended) {
            List<Object> elements = new ArrayList<>();
            return new ArrayBuilder() {
                @Override
                public void add(Object element) {
                    elements.add(element);
                }

                @Override
                public Object create(boolean extend) {
                    return Json.of(elements);
                }
            };
        }

        @Override
        public MapBuilder mapBuilder(int size, boolean extended) {
            Map<String, Object> entries = new LinkedHashMap<>();
            return new MapBuilder() {
                @Override
                public void put(Object key, Object element) {
                    entries.put(Operators.text(value(key), 1), element);
                }

                @Override
                public Object create() {
                    return Json.of(entries);
                }
            };
        }

        /** JEXL takes {@code {}} for a set. */
        @Override
        public SetBuilder setBuilder(int size, boolean extended) {
            return new SetBuilder() {
                @Override
                public void add(Object element) {
                    throw new ExpressionException(1, "no set");
                }

                @Override
                public Object create() {
                    return JsonObject.EMPTY;
                }
            };
        }
    }
}
