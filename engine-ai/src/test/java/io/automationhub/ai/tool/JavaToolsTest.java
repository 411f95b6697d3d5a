package io.automationhub.ai.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.ai.message.Part;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Methods and records of a host as tools: the schemas that models are told, and the values that the methods get. */
class JavaToolsTest {

    enum Size {
        SMALL,
        LARGE
    }

    record Address(
            String street,
            @Arg("Without spaces.") String zip,
            @Nullable String country) {}

    record Order(
            @Arg("What is ordered.") List<String> items,
            Address to,
            LocalDate on,
            Optional<Size> size,
            BigDecimal limit,
            boolean gift) {}

    record Loop(String name, @Nullable Loop next) {}

    static final class Shop {

        @Tool("Places an order.")
        String placeOrder(Order order, ToolInvocation invocation) {
            return invocation.tenant() + " " + order;
        }

        @Tool(value = "Finds orders.", name = "find")
        List<Integer> search(@Arg("A word.") String word, int most, @Nullable List<Size> sizes) {
            return List.of(word.length(), most, sizes == null ? -1 : sizes.size());
        }

        @Tool("Fails.")
        void fail() throws Exception {
            throw new java.io.IOException("no shop");
        }
    }

    private static final ToolInvocation INVOCATION =
            new ToolInvocation("acme", "run", "node", "key", action -> () -> {}, () -> Instant.EPOCH);

    private final ToolSet tools = new ToolSet(AgentTool.methodsOf(new Shop()));

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private ToolOutcome call(String name, String arguments) {
        return tools.call(new Part.ToolCall("1", name, json(arguments), null), 10_000, INVOCATION);
    }

    @Test
    void theSchemaFollowsFromTheTypes() {
        assertThat(tools.names()).containsExactly("fail", "place_order", "find");
        JsonObject schema =
                tools.find("place_order").orElseThrow().declaration().parameters();
        assertThat(schema.get("required")).isEqualTo(List.of("order"));
        JsonObject order = Json.object(Json.object(schema.get("properties")).get("order"));
        assertThat(order).isEqualTo(json("""
                {'type': 'object', 'properties': {
                   'gift': {'type': 'boolean'},
                   'items': {'type': 'array', 'items': {'type': 'string'}, 'description': 'What is ordered.'},
                   'limit': {'type': 'number'},
                   'on': {'type': 'string', 'format': 'date'},
                   'size': {'anyOf': [{'type': 'null'}, {'type': 'string', 'enum': ['SMALL', 'LARGE']}]},
                   'to': {'type': 'object', 'properties': {'country': {'type': 'string'}, 'street': {'type': 'string'},
                     'zip': {'type': 'string', 'description': 'Without spaces.'}},
                     'required': ['street', 'zip'], 'additionalProperties': false}},
                 'required': ['gift', 'items', 'limit', 'on', 'to'], 'additionalProperties': false}"""));
    }

    @Test
    void argumentsBecomeJavaValues() {
        assertThat(call("place_order", """
                {'order': {'items': ['pen'], 'to': {'street': 'A', 'zip': '1'}, 'on': '2026-01-31', 'size': 'LARGE',
                           'limit': 1.50, 'gift': true}}""").text())
                .isEqualTo("acme "
                        + new Order(
                                List.of("pen"),
                                new Address("A", "1", null),
                                LocalDate.of(2026, 1, 31),
                                Optional.of(Size.LARGE),
                                new BigDecimal("1.50"),
                                true));
        assertThat(call("find", "{'word': 'pen', 'most': 3}").text()).isEqualTo("[3,3,-1]");
        assertThat(call("find", "{'word': 'pen', 'most': 3, 'sizes': ['SMALL']}")
                        .text())
                .isEqualTo("[3,3,1]");
    }

    @Test
    void whatDoesNotFitIsSaid() {
        assertThat(call("find", "{'most': 3}").text()).contains("required property 'word' not found");
        assertThat(call("find", "{'word': 'pen', 'most': 3, 'sizes': ['HUGE']}").status())
                .isEqualTo(ToolOutcome.Status.REFUSED);
        assertThat(call("find", "{'word': 'pen', 'most': 30000000000}").text())
                .contains("The tool failed: Cannot make an object of type int");
        assertThat(call("fail", "{}").text()).isEqualTo("The tool failed: no shop");
    }

    @Test
    void aRecordIsTheArgumentsOfALambda() {
        ToolSet one = new ToolSet(List.of(AgentTool.of(
                "zip", "Says the zip.", Address.class, (address, invocation) -> address.zip() + address.country())));
        assertThat(one.call(new Part.ToolCall("1", "zip", json("{'street': 'A', 'zip': '9'}"), null), 100, INVOCATION)
                        .text())
                .isEqualTo("9null");
    }

    @Test
    void whatCannotBeAToolIsRefused() {
        assertThatThrownBy(() -> AgentTool.methodsOf("text")).hasMessageContaining("has no tools");
        assertThatThrownBy(() -> AgentTool.of("loop", "", Loop.class, (loop, invocation) -> null))
                .hasMessageContaining("does it contain itself");
    }
}
