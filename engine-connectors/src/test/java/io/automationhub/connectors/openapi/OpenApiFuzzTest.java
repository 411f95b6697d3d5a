package io.automationhub.connectors.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.connector.Operation;
import io.automationhub.connectors.openapi.OpenApiConnector.Choice;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A published document with mistakes in it is refused with a message, or gives node types that can be used. */
class OpenApiFuzzTest {

    private static final List<Object> JUNK = List.of(
            5L,
            -1L,
            "x",
            "#/components/schemas/Nowhere",
            true,
            JsonArray.EMPTY,
            JsonArray.of(1L, "a"),
            JsonObject.EMPTY,
            JsonObject.of("$ref", "#/paths"),
            JsonObject.of("$ref", "#/components/schemas/Content"));

    @Test
    void mistakesAreRefusedOrDoNotMatter() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        JsonObject document = Json.object(Json.parse(PublishedDocument.NESSIE.text(), new JsonLimits(1 << 26, 500)));
        int read = 0;
        for (int i = 0; i < 150; i++) {
            Object wrong = document;
            for (int mistakes = 0; mistakes <= random.nextInt(4); mistakes++) {
                wrong = withMistake(wrong, random, 0);
            }
            String text = Json.write(wrong);
            try {
                use(OpenApiConnector.read(text, Choice.of("x")).connector(), random);
                read++;
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).as("seed %d, document %d", seed, i).startsWith("Cannot ");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", document " + i, e);
            }
        }
        assertThat(read).as("seed %d", seed).isGreaterThan(50);
    }

    /** At a place that is the more likely the less deep it is, so that whole parts are wrong as often as leaves. */
    private static @Nullable Object withMistake(@Nullable Object value, Random random, int level) {
        if (level > 0 && random.nextInt(6) == 0) {
            return JUNK.get(random.nextInt(JUNK.size()));
        }
        if (value instanceof JsonObject object && !object.isEmpty()) {
            List<String> names = new ArrayList<>(object.keySet());
            String name = names.get(random.nextInt(names.size()));
            return object.with(name, withMistake(object.get(name), random, level + 1));
        }
        if (value instanceof JsonArray array && !array.isEmpty()) {
            List<@Nullable Object> items = new ArrayList<>(array);
            int at = random.nextInt(items.size());
            items.set(at, withMistake(items.get(at), random, level + 1));
            return JsonArray.of(items.toArray());
        }
        return JUNK.get(random.nextInt(JUNK.size()));
    }

    private static void use(Connector connector, Random random) {
        Connector again = Connector.of(connector.json());
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .install(ConnectorsModule.builder().connector(again).build())
                .build()) {
            for (int i = 0; i < 5; i++) {
                List<Operation> operations = again.operations();
                Operation operation = operations.get(random.nextInt(operations.size()));
                NodeMetadata metadata = engine.nodeTypes()
                        .find(again.type(operation))
                        .orElseThrow()
                        .metadata();
                JsonSchema config = JsonSchema.compileChecked(metadata.configSchema());
                JsonSchema output = JsonSchema.compileChecked(metadata.outputSchema());
                assertThat(List.of(config, output)).hasSize(2);
            }
        }
    }
}
