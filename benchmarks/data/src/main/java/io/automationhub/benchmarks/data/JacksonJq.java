package io.automationhub.benchmarks.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.function.Supplier;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** jackson-jq, the jq of Java, over a ready JsonNode. */
final class JacksonJq implements Language {

    private final Scope scope = Scope.newEmptyScope();
    private final JsonNode order = new ObjectMapper().valueToTree(Task.order());

    JacksonJq() {
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_6, scope);
    }

    @Override
    public Supplier<Object> condition() {
        Supplier<JsonNode> query = query(".order.total > 100");
        return () -> query.get().booleanValue();
    }

    @Override
    public Supplier<Object> template() {
        Supplier<JsonNode> query = query("\"Hello \\(.name), order \\(.id): \\(.order.total)\"");
        return () -> query.get().textValue();
    }

    @Override
    public Supplier<Object> functions() {
        Supplier<JsonNode> query =
                query(".text | ltrimstr(\"  \") | ascii_downcase | gsub(\"a\"; \"i\") | .[1:] | gsub(\"e\"; \"i\")"
                        + " | gsub(\"o\"; \"i\") | gsub(\"u\"; \"i\") | .[0:12] | ascii_upcase | rtrimstr(\" \")");
        return () -> query.get().textValue();
    }

    private Supplier<JsonNode> query(String source) {
        try {
            JsonQuery query = JsonQuery.compile(source, Versions.JQ_1_6);
            JsonNode[] result = new JsonNode[1];
            return () -> {
                try {
                    query.apply(scope, order, value -> result[0] = value);
                    return result[0];
                } catch (JsonQueryException e) {
                    throw new IllegalStateException(e);
                }
            };
        } catch (JsonQueryException e) {
            throw new IllegalStateException("jq cannot compile " + source, e);
        }
    }
}
