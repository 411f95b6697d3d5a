package io.automationhub.engine.expression;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles JSON to a {@link ValueTemplate}, guided by its schema. */
final class TemplateCompiler {

    private final ExpressionCompiler expressions;
    private final ValueTemplate.Observer observer;

    TemplateCompiler(ExpressionCompiler expressions, ValueTemplate.Observer observer) {
        this.expressions = expressions;
        this.observer = observer;
    }

    ValueTemplate compile(@Nullable Object json, JsonObject schema, String pointer) {
        ValueTemplate template = content(json, schema, pointer);
        return Boolean.TRUE.equals(schema.get("x-lazy")) ? new ValueTemplate.Lazy(template) : template;
    }

    private ValueTemplate content(@Nullable Object json, JsonObject schema, String pointer) {
        if ("literal".equals(schema.get("x-content"))) {
            return new ValueTemplate.Constant(Json.of(json));
        }
        if (json instanceof JsonObject object) {
            return members(object, schema, pointer);
        }
        if (json instanceof JsonArray array) {
            return elements(array, schema, pointer);
        }
        if (json instanceof String text) {
            Object content = schema.get("x-content");
            return "expression".equals(content) || "item".equals(content)
                    ? single(text, pointer, 1, "item".equals(content))
                    : template(text, pointer);
        }
        return new ValueTemplate.Constant(Json.of(json));
    }

    private ValueTemplate members(JsonObject object, JsonObject declared, String pointer) {
        JsonObject schema = ContentSchema.of(declared, object);
        Map<String, ValueTemplate> members = new LinkedHashMap<>();
        boolean constant = true;
        for (Map.Entry<String, @Nullable Object> entry : object.entrySet()) {
            String key = entry.getKey();
            ValueTemplate member =
                    compile(entry.getValue(), propertySchema(schema, key), JsonPointer.child(pointer, key));
            members.put(key, member);
            constant &= member instanceof ValueTemplate.Constant;
        }
        return constant ? new ValueTemplate.Constant(Json.of(object)) : ValueTemplate.Members.of(members);
    }

    private ValueTemplate elements(JsonArray array, JsonObject schema, String pointer) {
        JsonObject elementSchema = schema.get("items") instanceof JsonObject items ? items : inherited(schema);
        List<ValueTemplate> elements = new ArrayList<>();
        boolean constant = true;
        for (int i = 0; i < array.size(); i++) {
            ValueTemplate element = compile(array.get(i), elementSchema, pointer + "/" + i);
            elements.add(element);
            constant &= element instanceof ValueTemplate.Constant;
        }
        return constant ? new ValueTemplate.Constant(Json.of(array)) : new ValueTemplate.Elements(elements);
    }

    private static JsonObject propertySchema(JsonObject schema, String key) {
        if (schema.get("properties") instanceof JsonObject properties
                && properties.get(key) instanceof JsonObject property) {
            return property;
        }
        return schema.get("additionalProperties") instanceof JsonObject others ? others : inherited(schema);
    }

    /** Without a schema of its own, a part is what the whole is. */
    private static JsonObject inherited(JsonObject schema) {
        Object content = schema.get("x-content");
        return content == null ? JsonObject.EMPTY : JsonObject.of("x-content", content);
    }

    private ValueTemplate template(String text, String pointer) {
        int open = text.indexOf("{{");
        if (open < 0) {
            return new ValueTemplate.Constant(text);
        }
        List<Object> parts = new ArrayList<>();
        int done = 0;
        while (open >= 0) {
            int close = closing(text, open + 2);
            if (close < 0) {
                return unclosed(text, pointer, open);
            }
            if (open > done) {
                parts.add(text.substring(done, open));
            }
            ValueTemplate part = single(text.substring(open + 2, close), pointer, open + 3, false);
            if (!(part instanceof ValueTemplate.Single expression)) {
                return part;
            }
            parts.add(expression.expression());
            done = close + 2;
            open = text.indexOf("{{", done);
        }
        if (done < text.length()) {
            parts.add(text.substring(done));
        }
        return parts.size() == 1 && parts.get(0) instanceof Expression expression
                ? new ValueTemplate.Single(expression)
                : new ValueTemplate.Text(List.copyOf(parts));
    }

    /** A text or a bracket that is not closed hides the end of its expression; then that is what is wrong. */
    private ValueTemplate unclosed(String text, String pointer, int open) {
        int end = text.indexOf("}}", open + 2);
        if (end >= 0
                && single(text.substring(open + 2, end), pointer, open + 3, false) instanceof ValueTemplate.Broken) {
            return new ValueTemplate.Broken();
        }
        return problem(pointer, open + 1, "'{{' has no closing '}}'; to write the two braces themselves, use {{'{{'}}");
    }

    /** Where the first {@code }}} stands that is outside strings and braces; -1 if nowhere. */
    private static int closing(String text, int from) {
        int braces = 0;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"') {
                at = endOfString(text, at);
            } else if (c == '{') {
                braces++;
            } else if (c == '}' && braces > 0) {
                braces--;
            } else if (c == '}' && at + 1 < text.length() && text.charAt(at + 1) == '}') {
                return at;
            }
        }
        return -1;
    }

    private static int endOfString(String text, int start) {
        for (int at = start + 1; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == text.charAt(start)) {
                return at;
            }
        }
        return text.length();
    }

    private ValueTemplate single(String source, String pointer, int column, boolean forItem) {
        try {
            Expression expression = forItem ? expressions.compileForItem(source) : expressions.compile(source);
            observer.compiled(expression, pointer, column);
            return new ValueTemplate.Single(expression);
        } catch (ExpressionException e) {
            return problem(pointer, column - 1 + e.column(), String.valueOf(e.getMessage()));
        }
    }

    private ValueTemplate problem(String pointer, int column, String message) {
        observer.problem(new ValueTemplate.Problem(pointer, column, message));
        return new ValueTemplate.Broken();
    }
}
