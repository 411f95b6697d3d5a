package io.automationhub.engine.nodes.transform;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.transform;
import static io.automationhub.engine.nodes.transform.TransformStep.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.nodes.Nodes;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class TransformTest {

    private static Workflow workflow(String steps) {
        JsonArray parsed = (JsonArray) Json.parse(steps.replace('\'', '"'));
        return Workflow.builder("t")
                .start(manualTrigger("start"))
                .then(transform(
                        "t",
                        parsed.stream()
                                .map(each -> new TransformStep(Json.object(each)))
                                .toArray(TransformStep[]::new)))
                .build();
    }

    private static Object json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }

    private static Object run(String steps, Object input) {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            return engine.run(workflow(steps), input).orElseThrow().output();
        }
    }

    private static String failure(String steps, Object input) {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            WorkflowExecution execution = engine.run(workflow(steps), input);
            assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
            return execution.error().orElseThrow().message();
        }
    }

    static Stream<Arguments> examples() {
        return Arrays.stream(Operation.values())
                .flatMap(operation -> operation.examples().stream()
                        .map(example -> Arguments.of(example.step(), example.before(), example.after())));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void eachExampleOfTheDocumentationIsTrue(String step, String before, String after) {
        String result = Json.write(run("[" + step + "]", Json.parse(before)));
        assertThat(result).isEqualTo(Json.write(Json.parse(after)));
    }

    @Test
    void eachOperationHasAnExample() {
        assertThat(Operation.values())
                .allSatisfy(operation -> assertThat(operation.examples()).isNotEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // steps | input | output
                "[{'op':'filter','when':'item != null'}] | [null,1,null] | [1]",
                "[{'op':'filter','when':'item.a'}] | [{'a':true},{'a':null},{}] | [{'a':true}]",
                "[{'op':'filter','when':'index % 2 == 0'}] | [5,6,7] | [5,7]",
                "[{'op':'filter','when':true}] | [1] | [1]",
                "[{'op':'map','value':{'x':['item',1,'index']}}] | ['a'] | [{'x':['a',1,0]}]",
                "[{'op':'map','value':'item.tags.map(item.size())'}] | [{'tags':['a','bc']}] | [[1,2]]",
                "[{'op':'map','value':'item.tags.filter(item > 1)'}] | [{'tags':[1,2]}] | [[2]]",
                "[{'op':'map','value':'input[0].a + item.a'}] | [{'a':1}] | [2]",
                "[{'op':'set','fields':{'a':'item.b','b':'item.a'}}] | [{'a':1,'b':2}] | [{'a':2,'b':1}]",
                "[{'op':'set','fields':{'x.y.z':'1'}}] | [{}] | [{'x':{'y':{'z':1}}}]",
                "[{'op':'set','fields':{'x.y':'1'}}] | [{'x.y':0}] | [{'x.y':1}]",
                "[{'op':'rename','fields':{'a':'b','b':'a'}}] | [{'a':1,'b':2}] | [{'b':1,'a':2}]",
                "[{'op':'rename','fields':{'no':'x'}}] | [{'a':1}] | [{'a':1}]",
                "[{'op':'remove','fields':['a.b','c','d.e']}] | [{'a':{'b':1},'c':2}] | [{'a':{}}]",
                "[{'op':'remove','fields':['a.b']}] | [{'a.b':1,'a':{'b':2}}] | [{'a':{'b':2}}]",
                "[{'op':'convert','fields':{'a':'integer','b':'date','c':'json'}}] | [{'a':'7.9','b':'2026-01-31','c':'[1]'}] | [{'a':7,'b':'2026-01-31','c':[1]}]",
                "[{'op':'convert','fields':{'a':'number'}}] | [{'a':null},{}] | [{'a':null},{}]",
                "[{'op':'convert','fields':{'a':'string'}}] | [{'a':[1]}] | [{'a':'[1]'}]",
                "[{'op':'sort','by':'a'}] | [{'a':2},{},{'a':1},{'a':null}] | [{'a':1},{'a':2},{},{'a':null}]",
                "[{'op':'sort','by':[{'field':'a','order':'desc'}]}] | [{'a':2},{},{'a':3}] | [{'a':3},{'a':2},{}]",
                "[{'op':'sort','by':[{'value':'item'}]}] | [10,9,9.5] | [9,9.5,10]",
                "[{'op':'sort','by':[{'value':'item.size()'},{'value':'item'}]}] | ['bb','b','a'] | ['a','b','bb']",
                "[{'op':'limit','count':0}] | [1] | []",
                "[{'op':'limit','count':5,'offset':2,'from':'end'}] | [1,2,3,4] | [1,2]",
                "[{'op':'limit','count':1,'offset':9}] | [1] | []",
                "[{'op':'limit','count':'{{input.size() - 1}}'}] | [1,2,3] | [1,2]",
                "[{'op':'distinct'}] | [{'a':1,'b':[1.0]},{'b':[1],'a':1},null,null] | [{'a':1,'b':[1.0]},null]",
                "[{'op':'distinct','by':['a','b']}] | [{'a':1},{'a':1,'b':null},{'a':1,'b':2}] | [{'a':1},{'a':1,'b':2}]",
                "[{'op':'split','field':'a.b'}] | [{'a':{'b':[1,2],'c':3}}] | [{'a':{'b':1,'c':3}},{'a':{'b':2,'c':3}}]",
                "[{'op':'split'}] | [[1,[2]],[],[3]] | [1,[2],3]",
                "[{'op':'split','field':'a','keepEmpty':true}] | [{'a':[]},{'b':1}] | [{'a':null},{'b':1,'a':null}]",
                "[{'op':'aggregate','fields':{'a':'item.a'}}] | [] | [{'a':[]}]",
                "[{'op':'aggregate','fields':{'a':'item.a','b':'item.b'},'skipNull':true}] | [{'a':1},{'b':2}] | [{'a':[1],'b':[2]}]",
                "[{'op':'group','by':['a','b']}] | [{'a':1,'b':1,'c':1},{'a':1.0,'b':1,'c':2}] | [{'a':1,'b':1,'items':[{'a':1,'b':1,'c':1},{'a':1.0,'b':1,'c':2}]}]",
                "[{'op':'group','by':[{'value':'item % 2','as':'odd'}],'as':'n'}] | [1,2,3] | [{'odd':1,'n':[1,3]},{'odd':0,'n':[2]}]",
                "[{'op':'group','by':'a'}] | [] | []",
                "[{'op':'summarise','fields':{'n':{'function':'count'},'s':{'function':'sum','field':'a'},'avg':{'function':'avg','field':'a'}}}] | [] | [{'n':0,'s':0,'avg':null}]",
                "[{'op':'summarise','fields':{'n':{'function':'count','field':'a'},'avg':{'function':'avg','field':'a'}}}] | [{'a':1},{'a':2},{}] | [{'n':2,'avg':1.5}]",
                "[{'op':'summarise','fields':{'f':{'function':'first','field':'a'},'l':{'function':'last','field':'a'},'m':{'function':'min','field':'a'}}}] | [{},{'a':'y'},{'a':'x'},{}] | [{'f':'y','l':'x','m':'x'}]",
                "[{'op':'summarise','by':'k','fields':{'t':{'function':'concat','value':'item.v'}}}] | [{'k':1,'v':'a'},{'k':1,'v':null},{'k':1,'v':2}] | [{'k':1,'t':'a, 2'}]",
                "[{'op':'join','with':[{'k':1,'r':1},{'k':1,'r':2}],'on':'k'}] | [{'k':1,'l':1},{'k':2}] | [{'k':1,'l':1,'r':1},{'k':1,'l':1,'r':2}]",
                "[{'op':'join','with':[{'a':1,'b':2,'c':3}],'on':['a',{'left':'x','right':'b'}],'kind':'left'}] | [{'a':1,'x':2},{'a':1,'x':3}] | [{'a':1,'x':2,'b':2,'c':3},{'a':1,'x':3}]",
                "[{'op':'join','with':[{'k':null}],'on':'k','kind':'full','as':'o'}] | [{'k':null}] | [{'k':null,'o':null},{'o':{'k':null}}]",
                "[{'op':'join','with':[{'k':1.0}],'on':'k','kind':'anti'}] | [{'k':1},{'k':'1'}] | [{'k':'1'}]",
                "[{'op':'merge','with':{'a':{'y':1}},'deep':true}] | [{'a':{'x':1}}] | [{'a':{'x':1,'y':1}}]",
                "[{'op':'merge'}] | [] | []",
                "[{'op':'flatten','depth':1}] | [{'a':{'b':{'c':1}},'e':{}}] | [{'a.b':{'c':1},'e':{}}]",
                "[{'op':'sort','by':[{'value':'item','order':'desc'}]},{'op':'limit','count':1}] | [1,3,2] | [3]",
                "[] | {'a':1} | [{'a':1}]",
            })
    void aListGoesThroughItsSteps(String steps, String input, String output) {
        assertThat(Json.write(run(steps, json(input)))).isEqualTo(Json.write(json(output)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // steps | input | message
                "[{'op':'limit','count':1}] | 'x' | needs a list, but the output of the node before is the text 'x'; let 'source' name a list",
                "[{'op':'filter','when':'item.a > 1'}] | [{'a':2},{'a':'x'}] | Step 0 (filter) at item 1: ",
                "[{'op':'filter','when':'item'}] | ['yes'] | Step 0 (filter) at item 0: ",
                "[{'op':'filter','when':true},{'op':'set','fields':{'a':'1'}}] | [{},5] | Step 1 (set) at item 1: expected an object, found a value of type number; make objects first",
                "[{'op':'set','fields':{'a.b':'1'}}] | [{'a':'t'}] | Step 0 (set) at item 0: 'a.b' cannot be written: 'a' is text, not an object",
                "[{'op':'flatten'}] | [[1,[2]]] | Step 0 (flatten) at item 0: expected an object, found a value of type list; the step split, without 'field', makes items of its elements",
                "[{'op':'rename','fields':{'a':'b'}}] | [{'a':1,'b':2}] | there would be two fields 'b'",
                "[{'op':'flatten'}] | [{'a.b':1,'a':{'b':2}}] | there would be two fields 'a.b'",
                "[{'op':'convert','fields':{'a':'number'}}] | [{'a':'1,5'}] | Step 0 (convert) at item 0: the field 'a' needs a number or text such as '12.5', found the text '1,5'; with",
                "[{'op':'sort','by':'a'}] | [{'a':1},{'a':'x'}] | Step 0 (sort): ",
                "[{'op':'split','field':'a'}] | [{'a':'x,y'}] | Step 0 (split) at item 0: 'a' is no list, but the text 'x,y'; make lists of it first",
                "[{'op':'summarise','fields':{'s':{'function':'sum','field':'a'}}}] | [{'a':'1'}] | Step 0 (summarise) at item 0: Cannot sum up text; convert it",
                "[{'op':'limit','count':'{{input.size() / 2}}'}] | [1] | Step 0 (limit): 'count' needs a whole number from 0",
                "[{'op':'join','with':'{{input[0].x}}','on':'a'}] | [{}] | Step 0 (join): 'with' needs a list, found null",
                "[{'op':'group','by':['a.x','b.x']}] | [{}] | two fields of the result have the same name",
                "[{'op':'map','value':'item.a.b'}] | [{}] | Step 0 (map) at item 0: ",
            })
    void whatDoesNotFitSaysWhichStepAndWhichItem(String steps, String input, String message) {
        assertThat(failure(steps, json(input))).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // steps | pointer | text
                "[{'op':'fitler','when':'true'}] | /steps/0/op | did you mean 'filter'?",
                "[{'op':'filter'}] | /steps/0 | when",
                "[{'op':'filter','whenn':'item.a','when':'true'}] | /steps/0 | did you mean 'when'? known are op, when",
                "[{'op':'filter','when':'item.'}] | /steps/0/when | Column 5: ",
                "[{'op':'filter','when':'item.foo(1)'}] | /steps/0/when | Column 5: There is no function 'foo'",
                "[{'op':'map'}] | /steps/0 | neither 'fields' nor 'value'",
                "[{'op':'map','fields':{'a':'item.x +'}}] | /steps/0/fields/a | Column ",
                "[{'op':'sort','by':[{'field':'a','value':'item.b'}]}] | /steps/0/by/0 | both 'field' and 'value'",
                "[{'op':'group','by':[{'value':'item.b'}]}] | /steps/0/by/0 | no name",
                "[{'op':'summarise','fields':{'s':{'function':'sum'}}}] | /steps/0/fields/s | neither 'field' nor 'value'",
                "[{'op':'summarise','fields':{'s':{'function':'total','field':'a'}}}] | /steps/0/fields/s/function | known are avg, concat, count",
                "[{'op':'convert','fields':{'s':'int'}}] | /steps/0/fields/s | ``",
                "[{'op':'join','on':'a'}] | /steps/0 | with",
                "[{'op':'limit','count':-1}] | /steps/0/count | ``",
                "[{'op':'limit','count':'two'}] | /steps/0/count | ``",
                "[{'when':'x'}] | /steps/0 | op",
                "[{'op':'filter','when':'nodes.later.output'}] | /steps/0/when | There is no node 'later'",
                "[{'op':'filter','when':'itm.a'}] | /steps/0/when | There is no variable 'itm'",
            })
    void theValidatorKnowsEachStep(String steps, String pointer, String text) {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            List<Problem> problems = engine.validate(workflow(steps));
            assertThat(problems).anySatisfy(problem -> {
                assertThat(problem.pointer()).isEqualTo("/nodes/1/data/config" + pointer);
                assertThat(problem.message() + "; " + problem.hint()).contains(text);
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // steps | the fields of the result's items that the validator knows; ? if none
                "[] | ?",
                "[{'op':'filter','when':'true'}] | ?",
                "[{'op':'map','value':'item'}] | ?",
                "[{'op':'map','fields':{'a':'1','b':'2'}},{'op':'sort','by':'a'},{'op':'set','fields':{'c.d':'1'}}] | a b c",
                "[{'op':'set','fields':{'c':'1'}}] | ?",
                "[{'op':'keep','fields':['x','y']}] | x y",
                "[{'op':'keep','fields':['x','{{input}}']}] | ?",
                "[{'op':'group','by':['a.b',{'value':'item.x','as':'k'}]}] | b k items",
                "[{'op':'summarise','by':'a','fields':{'n':{'function':'count'}}},{'op':'limit','count':1}] | a n",
                "[{'op':'summarise','by':'{{input}}','fields':{'n':{'function':'count'}}}] | ?",
                "[{'op':'aggregate','as':'all'}] | all",
                "[{'op':'aggregate','fields':{'x':'item.y'}}] | x",
                "[{'op':'map','fields':{'a':'1'}},{'op':'flatten'}] | ?",
            })
    void theValidatorKnowsTheFieldsOfTheResult(String steps, String fields) {
        Workflow workflow = Workflow.builder("t")
                .start(manualTrigger("start"))
                .then(transform(
                        "t",
                        ((JsonArray) json(steps))
                                .stream()
                                        .map(each -> new TransformStep(Json.object(each)))
                                        .toArray(TransformStep[]::new)))
                .then(Nodes.format("read", "{{previous[0].wrong}}"))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            List<Problem> problems = engine.validate(workflow);
            if (fields.equals("?")) {
                assertThat(problems).isEmpty();
            } else {
                assertThat(problems).singleElement().satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(ProblemCode.UNKNOWN_FIELD);
                    assertThat(problem.hint()).endsWith("known are " + fields.replace(" ", ", "));
                });
            }
        }
    }

    @Test
    void dataThatLooksLikeAnExpressionStaysData() {
        Object input = json("[{'a':'{{input}}','b':'item.a'}]");
        assertThat(Json.write(run("[{'op':'map','fields':{'x':'item.a','y':'item.b'}}]", input)))
                .isEqualTo("[{\"x\":\"{{input}}\",\"y\":\"item.a\"}]");
    }

    @Test
    void stepsAreWrittenInJava() {
        Workflow workflow = Workflow.builder("orders")
                .start(manualTrigger("start"))
                .then(transform(
                                "report",
                                step("filter").with("when", "item.total > 10"),
                                step("summarise")
                                        .with("by", "country")
                                        .with("fields", Map.of("sales", Map.of("function", "sum", "field", "total"))))
                        .with("source", "{{input.orders}}"))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            Object output = engine.run(
                            workflow,
                            json(
                                    "{'orders':[{'country':'FR','total':12},{'country':'IT','total':3},{'country':'FR','total':30}]}"))
                    .orElseThrow()
                    .output();
            assertThat(Json.write(output)).isEqualTo("[{\"country\":\"FR\",\"sales\":42}]");
        }
    }

    @Test
    void aLimitEndsTheStepsBeforeIt() {
        // The third item would fail.
        assertThat(Json.write(run("[{'op':'map','value':'10 / item'},{'op':'limit','count':2}]", json("[1,2,0]"))))
                .isEqualTo("[10,5]");
    }

    @Test
    void aJoinThatMultipliesEndsAtTheLimitOfValues() {
        String many = "'" + "x".repeat(100) + "'";
        Object rows = Collections.nCopies(2000, json("{'k':1,'v':" + many + "}"));
        String message = failure("[{'op':'join','with':'{{input}}','on':'k'},{'op':'map','value':'item.v'}]", rows);
        assertThat(message)
                .startsWith("The result: the list would be larger than the limit of 16777216 bytes as JSON; ")
                .contains("raise the limit of values");
    }

    /** Keys that an expression makes of small items, and texts that are strung together, take room as well. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "distinct | 'by':[{'value':'item.padEnd(1000000)'}]",
                "group | 'by':[{'value':'item.padEnd(1000000)','as':'k'}]",
                "sort | 'by':[{'value':'item.padEnd(1000000)'}]",
                "summarise | 'by':[{'value':'item.padEnd(1000000)','as':'k'}],'fields':{'n':{'function':'count'}}",
                "summarise | 'by':[{'value':'index','as':'k'}],'fields':{'n':{'function':'concat','value':'item.padEnd(1000000)'}}",
            })
    void whatAStepKeepsEndsAtTheLimitOfValues(String operation, String rest) {
        Object items = Json.of(IntStream.range(0, 30).mapToObj(String::valueOf).toList());
        assertThat(failure("[{'op':'" + operation + "'," + rest + "},{'op':'filter','when':false}]", items))
                .startsWith("Step 0 (" + operation + "): the list would be larger than the limit of 16777216 bytes");
    }

    @Test
    void aLongTransformEndsWhenItsRunIsCancelled() {
        Object rows = Collections.nCopies(20_000, json("{'k':1}"));
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            ExecutionHandle handle = engine.start(
                    workflow("[{'op':'join','with':'{{input}}','on':'k'},{'op':'filter','when':false}]"), rows);
            handle.cancel();
            assertThat(handle.await().status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(engine.abandonedAttempts()).isZero();
        }
    }

    @Test
    void aSourceOfNullSaysWhatToDo() {
        Workflow workflow = Workflow.builder("t")
                .start(manualTrigger("start"))
                .then(transform("t").with("source", "{{input.orders}}"))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            assertThat(engine.run(workflow, JsonObject.EMPTY)
                            .error()
                            .orElseThrow()
                            .message())
                    .isEqualTo("The transform 't' needs a list, but 'source' is null; let 'source' name a list, as in"
                            + " {{previous.orders}}, or {{previous.orders ?? []}}");
        }
    }

    /** Three lists of a million new rows would need some 300 MB; the process that runs this test's main has 96. */
    @Test
    void aMillionRowsNeedNoRoomBetweenTheSteps() throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx96m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TransformTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(output.lines().toList())
                .last()
                .isEqualTo("[{\"shop\":0,\"sales\":250000500000},{\"shop\":1,\"sales\":250000000000}]");
        assertThat(process.waitFor()).isZero();
    }

    public static void main(String... args) {
        List<Object> rows = new ArrayList<>();
        Object[] shops = {JsonObject.of("shop", 0), JsonObject.of("shop", 1)};
        for (int i = 0; i < 1_000_000; i++) {
            rows.add(shops[i % 2]);
        }
        String steps =
                "[{'op':'set','fields':{'no':'index'}},{'op':'map','fields':{'shop':'item.shop','total':'item.no + 1'}},"
                        + "{'op':'set','fields':{'total':'item.shop == 0 ? item.total + 1 : item.total - 1'}},{'op':'filter','when':'item.total > 0 || item.shop == 1'},"
                        + "{'op':'summarise','by':'shop','fields':{'sales':{'function':'sum','field':'total'}}}]";
        try (WorkflowEngine engine =
                WorkflowEngine.builder().limits(new JsonLimits(1L << 30, 200)).build()) {
            System.out.println(
                    Json.write(engine.run(workflow(steps), rows).orElseThrow().output()));
        }
    }
}
