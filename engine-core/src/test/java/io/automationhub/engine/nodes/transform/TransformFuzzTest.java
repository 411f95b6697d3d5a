package io.automationhub.engine.nodes.transform;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.transform;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random steps over random items: the run succeeds, or fails in words that were written for it. */
class TransformFuzzTest {

    private static final long SEED = Long.getLong("fuzz.seed", 42L);

    private static final int PIPELINES = Integer.getInteger("fuzz.pipelines", 3_000);

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "1",
            "1.0",
            "2.5",
            "-3",
            "'a'",
            "'2'",
            "''",
            "'2026-01-31'",
            "[]",
            "[1,'x']",
            "[[1],[2]]",
            "{}",
            "{'x':1}",
            "{'x':{'y':[1]},'a':2}",
            "12345678901234567890");

    private static final List<String> FIELDS = List.of("a", "b", "c", "a.x", "b.0", "x", "größe", "a b");

    private static final List<String> EXPRESSIONS = List.of(
            "item",
            "index",
            "item?.a",
            "item.a",
            "item.a > 1",
            "item.a == item.b",
            "item.a + item.b",
            "true",
            "null",
            "item.c.size()",
            "[item, index]",
            "[item]",
            "empty(item)",
            "item =~ [1, 2]",
            "input.size()",
            "1 / index");

    private final SplittableRandom random = new SplittableRandom(SEED);

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String field() {
        return "'" + one(FIELDS) + "'";
    }

    private String expression() {
        return "\"" + one(EXPRESSIONS) + "\"";
    }

    private String keys(String more) {
        return random.nextBoolean() ? field() : "[" + field() + ",{'value':" + expression() + ",'as':'k'" + more + "}]";
    }

    private String flag() {
        return String.valueOf(random.nextBoolean());
    }

    private String items() {
        StringBuilder items = new StringBuilder("[");
        for (int i = random.nextInt(6); i > 0; i--) {
            items.append(
                    random.nextInt(5) == 0
                            ? one(VALUES)
                            : "{'a':%s,'b':%s,'c':%s}".formatted(one(VALUES), one(VALUES), one(VALUES)));
            items.append(i > 1 ? "," : "");
        }
        return items.append(']').toString();
    }

    private String step() {
        Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
        String rest = switch (operation) {
            case MAP ->
                random.nextBoolean()
                        ? "'value':" + expression()
                        : "'fields':{" + field() + ":" + expression() + ",'z':" + expression() + "}";
            case SET -> "'fields':{" + field() + ":" + expression() + "}";
            case RENAME -> "'fields':{" + field() + ":" + field() + "}";
            case REMOVE, KEEP -> "'fields':[" + field() + "," + field() + "]";
            case CONVERT ->
                "'fields':{%s:'%s'},'onError':'%s'"
                        .formatted(
                                field(),
                                one(List.of("string", "number", "integer", "boolean", "date", "json")),
                                one(List.of("fail", "null")));
            case FILTER -> "'when':" + expression();
            case SORT ->
                "'by':" + keys(",'order':'" + one(List.of("asc", "desc")) + "'").replace(",'as':'k'", "");
            case LIMIT ->
                "'count':%d,'offset':%d,'from':'%s'"
                        .formatted(random.nextInt(4), random.nextInt(3), one(List.of("start", "end")));
            case DISTINCT -> random.nextBoolean() ? "'by':" + keys("").replace(",'as':'k'", "") : "";
            case SPLIT ->
                (random.nextBoolean() ? "" : "'field':" + field() + ",'as':" + field() + ",") + "'alone':" + flag()
                        + ",'keepEmpty':" + flag();
            case AGGREGATE ->
                random.nextBoolean() ? "'as':" + field() : "'fields':{'l':" + expression() + "},'skipNull':" + flag();
            case GROUP -> "'by':" + keys("");
            case SUMMARISE ->
                "%s'fields':{'s':{'function':'%s','value':%s},'n':{'function':'count'}}"
                        .formatted(
                                random.nextBoolean() ? "'by':" + keys("") + "," : "",
                                one(List.of("count", "sum", "avg", "min", "max", "first", "last", "concat")),
                                expression());
            case JOIN ->
                "'with':%s,'on':%s,'kind':'%s'%s"
                        .formatted(
                                items(),
                                random.nextBoolean() ? field() : "{'left':'a','right':'b'}",
                                one(List.of("inner", "left", "full", "anti")),
                                random.nextBoolean() ? ",'as':" + field() : "");
            case MERGE ->
                random.nextBoolean()
                        ? "'deep':" + flag()
                        : "'with':{'a':{'q':1}},'deep':" + flag() + ",'prefer':'" + one(List.of("with", "item")) + "'";
            case FLATTEN -> "'lists':" + flag() + ",'separator':'" + one(List.of(".", "_", "")) + "'";
        };
        return "{'op':'" + operation.text() + "'" + (rest.isEmpty() ? "" : "," + rest) + "}";
    }

    @Test
    void noStepFailsInWordsThatNobodyWrote() {
        int succeeded = 0;
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            for (int i = 0; i < PIPELINES; i++) {
                List<TransformStep> steps = new ArrayList<>();
                for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    steps.add(new TransformStep(Json.object(Json.parse(step().replace('\'', '"')))));
                }
                JsonArray items = (JsonArray) Json.parse(items().replace('\'', '"'));
                Workflow workflow = Workflow.builder("fuzz")
                        .start(manualTrigger("start"))
                        .then(transform("t", steps.toArray(TransformStep[]::new)))
                        .build();
                WorkflowExecution run = engine.run(workflow, items);
                String what = "seed " + SEED + ", pipeline " + i + ": " + steps + " over " + items;
                succeeded += run.isSucceeded() ? 1 : 0;
                run.error().ifPresent(error -> {
                    assertThat(error.kind()).as("%s%n%s", what, error).isEqualTo(ExecutionError.KIND_EXPRESSION);
                    assertThat(error.details()).as(what).isEqualTo(JsonObject.EMPTY);
                });
            }
        }
        assertThat(succeeded).as("pipelines that succeed").isBetween(PIPELINES / 10, PIPELINES * 9 / 10);
    }
}
