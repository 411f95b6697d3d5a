package io.automationhub.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.automationhub.ai.call.ModelAttempt;
import io.automationhub.ai.call.ModelListener;
import io.automationhub.ai.call.RetryDelays;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.scripted.ScriptedProvider;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowJson;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The node types that call models, answered by scripts: what they ask, what they make of answers, and what of failures. */
class ScriptedRunsTest {

    private static final String PERSON =
            "{'type': 'object', 'properties': {'name': {'type': 'string'}, 'age': {'type': 'integer'}},"
                    + " 'required': ['name', 'age'], 'additionalProperties': false}";

    private final List<ModelDelta> deltas = new CopyOnWriteArrayList<>();
    private final List<ModelAttempt> attempts = new CopyOnWriteArrayList<>();
    private TestEngine engine = TestEngine.create();

    @AfterEach
    void stop() {
        engine.close();
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private void script(String rules) {
        engine.close();
        AiModule ai = AiModule.builder(ConnectorsModule.create())
                .inPlaceOfAll(ScriptedProvider.of(json("{'rules': " + rules + "}")))
                .retries(new RetryDelays(3, Duration.ofMillis(1), Duration.ofMillis(2)))
                .listener(new ModelListener() {
                    @Override
                    public void attempted(Caller caller, ModelAttempt attempt, @Nullable ModelAnswer answer) {
                        attempts.add(attempt);
                    }

                    @Override
                    public void streamed(Caller caller, ModelDelta delta) {
                        deltas.add(delta);
                        throw new IllegalStateException("a listener that fails harms nobody");
                    }
                })
                .build();
        engine = TestEngine.builder().engine(building -> building.install(ai)).build();
    }

    private TestRun run(String type, String config, String more) {
        return engine.start(
                        WorkflowJson.parse(("{'format': 1, 'id': 'w', 'nodes': [{'id': 'ask', 'type': '" + type
                                        + "', 'data': {'connection': 'any', 'config': " + config + "}}" + more)
                                .replace('\'', '"')),
                        json("{'text': 'Ada is 36'}"))
                .untilEnd();
    }

    private TestRun run(String type, String config) {
        return run(type, config, "], 'edges': []}");
    }

    private static Object at(TestRun run, String pointer) {
        assertThat(run.record().status())
                .as(String.valueOf(run.record().error()))
                .isEqualTo(ExecutionStatus.SUCCEEDED);
        return JsonPointer.read(run.record().output(), pointer);
    }

    // ---------------------------------------------------------------- answers

    @Test
    void aScriptedAnswerSaysThatItIsOne() {
        script("[{'when': {'says': 'weather'}, 'text': 'sunny'}, {'text': ['Hel', 'lo']}]");

        TestRun run = run("ai.prompt", "{'model': 'm', 'prompt': 'Hi', 'stream': true}");

        assertThat(at(run, "/text")).isEqualTo("Hello");
        assertThat(at(run, "/model")).isEqualTo("scripted");
        assertThat(at(run, "/notes/0").toString()).contains("scripted");
        assertThat(Json.toText(at(run, "/cost/amount"))).isEqualTo("0");
        assertThat(deltas).containsExactly(new ModelDelta.Text("Hel"), new ModelDelta.Text("lo"));
    }

    @Test
    void anAnswerWithASchemaIsAValue() {
        script("[{'when': {'instructions': 'Read what'}, 'json': {'name': 'Ada', 'age': 36}}]");

        TestRun run = run("ai.extract", "{'model': 'm', 'text': '{{input.text}}', 'schema': " + PERSON + "}");

        assertThat(at(run, "/json")).isEqualTo(json("{'name': 'Ada', 'age': 36}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```json\\n{\\\"name\\\": \\\"Ada\\\", \\\"age\\\": 36}\\n```",
                "Here it is: {\\\"name\\\": \\\"Ada\\\", \\\"age\\\": 36}. Anything else?"
            })
    void whatStandsAroundTheJsonIsLeftOut(String text) {
        script("[{'text': '" + text + "'}]");

        assertThat(at(run("ai.prompt", "{'model': 'm', 'prompt': 'Ada?', 'schema': " + PERSON + "}"), "/json/age"))
                .isEqualTo(36L);
    }

    @Test
    void aModelIsToldWhatIsWrongAndAllOfItsAnswersAreCounted() {
        script("[{'when': {'says': 'does not fit', 'matches': 'age'}, 'json': {'name': 'Ada', 'age': 36}},"
                + "{'when': {'says': 'does not fit'}, 'json': {'name': 'Ada', 'age': 'old'}},"
                + "{'text': 'I think it is Ada.'}]");

        TestRun run = run("ai.extract", "{'model': 'm', 'text': '{{input.text}}', 'schema': " + PERSON + "}");

        assertThat(at(run, "/json/age")).isEqualTo(36L);
        assertThat((JsonArray) at(run, "/attempts")).hasSize(3);
        long each =
                attempts.stream().mapToLong(attempt -> attempt.usage().total()).sum();
        assertThat(at(run, "/usage/total")).isEqualTo(each);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'json': {'name': 'Ada'}}                          | model-answer | does not fit its schema
            {'text': ''}                                       | model-answer | there is nothing
            {'text': 'I would rather not say'}                 | model-answer | no JSON
            {'text': '{\\"name\\": \\"Ad', 'stop': 'max-tokens'} | model-answer | raise maxTokens
            {'text': 'x', 'stop': 'refusal'}                   | refusal      | refused
            {'stop': 'safety'}                                 | safety       | held the answer back
            """)
    void whatDoesNotFitInTheEndIsAFailureAndNeverHalfAValue(String rule, String kind, String said) {
        script("[" + rule + "]");

        TestRun run = run(
                "ai.extract",
                "{'model': 'm', 'text': '{{input.text}}', 'schema': " + PERSON + "}",
                ", {'id': 'kept', 'type': 'action.format', 'data': {'config': {'template': '{{previous}}'}}}],"
                        + " 'edges': [{'source': 'ask', 'sourceHandle': 'error', 'target': 'kept'}], 'output': '{{nodes.kept.output}}'}");

        assertThat(at(run, "/kind")).isEqualTo(kind);
        assertThat(at(run, "/message").toString()).contains(said);
        assertThat((Long) at(run, "/details/usage/total")).isPositive();
    }

    @Test
    void answersThatDidNotDoAreCountedThoughNoOtherComes() {
        script("[{'times': 1, 'json': {'name': 'Ada'}}, {'error': {'kind': 'unavailable'}}]");

        TestRun run = run("ai.extract", "{'model': 'm', 'text': 'Ada', 'schema': " + PERSON + "}");

        assertThat(run.record().error().kind()).isEqualTo("unavailable");
        Object told = JsonPointer.read(run.record().error().details(), "/attempts");
        assertThat((JsonArray) told).hasSize(4);
        assertThat((Long) JsonPointer.read(told, "/0/usage/total")).isPositive();
    }

    @Test
    void aListIsAskedForInsideOfAnObject() {
        script("[{'json': {'value': ['a', 'b']}}]");

        assertThat(at(
                        run(
                                "ai.extract",
                                "{'model': 'm', 'text': 'a and b', 'schema': {'type': 'array', 'items': {'type': 'string'}}}"),
                        "/json"))
                .isEqualTo(Json.parse("[\"a\", \"b\"]"));
    }

    @Test
    void aLabelIsAHandle() {
        script("[{'when': {'instructions': 'money and bills'}, 'json': {'label': 'billing'}}]");
        String labels = "[{'label': 'billing', 'description': 'money and bills'}, 'other']";

        TestRun run = run(
                "ai.classify",
                "{'model': 'm', 'text': 'My bill', 'labels': " + labels + "}",
                ", {'id': 'pay', 'type': 'action.format', 'data': {'config': {'template': 'pay {{nodes.ask.output.label}}'}}},"
                        + " {'id': 'no', 'type': 'action.format', 'data': {'config': {'template': 'no'}}}],"
                        + " 'edges': [{'source': 'ask', 'sourceHandle': 'billing', 'target': 'pay'},"
                        + " {'source': 'ask', 'sourceHandle': 'other', 'target': 'no'}], 'output': '{{nodes.pay.output}}'}");

        assertThat(at(run, "")).isEqualTo("pay billing");
    }

    // ---------------------------------------------------------------- budgets

    @Test
    void aNodeKeepsToItsBudgetInAllOfItsAttempts() {
        script("[{'json': {'name': 'Ada'}}]");

        TestRun run = run(
                "ai.extract",
                "{'model': 'm', 'text': 'Ada', 'maxTokens': 100, 'schema': " + PERSON
                        + ", 'repairs': 5, 'budget': {'calls': 2}}");

        assertThat(run.record().error().kind()).isEqualTo("budget");
        assertThat(run.record().error().message()).contains("'node'", "2 calls per node");
        assertThat(attempts).hasSize(2);
    }

    @Test
    void aRequestThatMayUseMoreThanABudgetHasIsNotSent() {
        script("[{'text': 'a'}]");

        TestRun run = run("ai.prompt", "{'model': 'm', 'prompt': 'Hi', 'maxTokens': 1000, 'budget': {'tokens': 999}}");

        assertThat(run.record().error().kind()).isEqualTo("budget");
        assertThat(attempts).isEmpty();
        assertThat(at(
                        run("ai.prompt", "{'model': 'm', 'prompt': 'Hi', 'maxTokens': 900, 'budget': {'tokens': 999}}"),
                        "/text"))
                .isEqualTo("a");
    }

    @Test
    void aCheaperModelAnswersWhenTheBudgetDoesNotAllowTheFirst() {
        script("[{'when': {'model': 'gpt-6-luna'}, 'text': 'cheap'}, {'text': 'dear'}]");

        // 1,000 tokens of output: 0.05 dollars of the first, and 0.0005 of the second.
        TestRun run = run(
                "ai.prompt",
                "{'model': 'gpt-6-astra', 'prompt': 'Hi', 'maxTokens': 1000, 'fallback': [{'model': 'gpt-6-luna'}],"
                        + " 'budget': {'amount': 0.01}}");

        assertThat(at(run, "/text")).isEqualTo("cheap");
    }

    // ---------------------------------------------------------------- guardrails

    @Test
    void whatAModelMustNotKnowDoesNotReachItAndWhatItMustNotSayIsTakenOut() {
        script("[{'when': {'says': 'ada@'}, 'text': 'leaked'}, {'text': ['Write to ', 'bob@mail.example']}]");

        TestRun run = run(
                "ai.prompt",
                "{'model': 'm', 'prompt': 'I am ada@mail.example', 'stream': true, 'guardrails':"
                        + " {'input': [{'type': 'personalData'}], 'output': [{'type': 'personalData'}]}}");

        assertThat(at(run, "/text")).isEqualTo("Write to [redacted]");
        assertThat(at(run, "/notes").toString()).contains("what was asked", "the answer");
        // Nobody hears a piece of an answer at which nobody has looked.
        assertThat(deltas).containsExactly(new ModelDelta.Text("Write to [redacted]"));
    }

    @Test
    void aModelSaysOtherwiseWhatItMustNotSay() {
        script("[{'when': {'says': 'more than 10'}, 'text': 'short'}, {'text': 'much too long'}]");

        TestRun run = run(
                "ai.prompt",
                "{'model': 'm', 'prompt': 'Hi', 'guardrails': {'output': [{'type': 'length', 'max': 10}]}}");

        assertThat(at(run, "/text")).isEqualTo("short");
        assertThat((JsonArray) at(run, "/attempts")).hasSize(2);
    }

    @Test
    void whatDoesNotPassFailsWithWhatItCost() {
        script("[{'text': 'much too long'}]");

        TestRun output = run(
                "ai.prompt",
                "{'model': 'm', 'prompt': 'Hi', 'guardrails': {'output': [{'type': 'length', 'max': 10}]}}");
        assertThat(output.record().error().kind()).isEqualTo("guardrail");
        assertThat(attempts).hasSize(3);
        assertThat((Long) JsonPointer.read(output.record().error().details(), "/usage/total"))
                .isPositive();

        TestRun input = run(
                "ai.prompt",
                "{'model': 'm', 'prompt': 'Hi', 'guardrails': {'input': [{'type': 'deny', 'patterns': ['H.']}]}}");
        assertThat(input.record().error().kind()).isEqualTo("guardrail");
        assertThat(input.record().error().message()).contains("'deny'", "what is asked");
        assertThat(attempts).hasSize(3);
    }

    // ---------------------------------------------------------------- cache

    @Test
    void anAnswerThatWasGivenBeforeCostsNothingAndSaysSo() {
        script("[{'times': 1, 'text': 'first'}, {'text': 'second'}]");
        String config = "{'model': 'm', 'prompt': 'Hi', 'cache': true, 'stream': true, 'budget': {'calls': 1}}";

        assertThat(at(run("ai.prompt", config), "/cached")).isEqualTo(false);
        deltas.clear();
        TestRun again = run("ai.prompt", config);

        assertThat(at(again, "/text")).isEqualTo("first");
        assertThat(at(again, "/cached")).isEqualTo(true);
        assertThat(at(again, "/usage/total")).isEqualTo(0L);
        assertThat(Json.toText(at(again, "/cost/amount"))).isEqualTo("0");
        assertThat(at(again, "/attempts/0/status")).isEqualTo("cached");
        assertThat(deltas).containsExactly(new ModelDelta.Text("first"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model': 'n', 'prompt': 'Hi', 'cache': true}",
                "{'model': 'm', 'prompt': 'Ho', 'cache': true}",
                "{'model': 'm', 'prompt': 'Hi', 'cache': true, 'instructions': 'Be brief'}",
                "{'model': 'm', 'prompt': 'Hi', 'cache': true, 'temperature': 0.5}",
                "{'model': 'm', 'prompt': 'Hi', 'cache': true, 'effort': 'low'}",
                "{'model': 'm', 'prompt': 'Hi', 'cache': true, 'maxTokens': 9}",
                "{'model': 'm', 'prompt': 'Hi', 'cache': true, 'options': {'seed': 1}}",
                "{'model': 'm', 'prompt': 'Hi', 'cache': true, 'stop': ['x']}",
                "{'model': 'm', 'prompt': 'Hi'}"
            })
    void whatIsAskedOtherwiseIsAskedAnew(String config) {
        script("[{'times': 1, 'text': 'first'}, {'text': 'second'}]");
        assertThat(at(run("ai.prompt", "{'model': 'm', 'prompt': 'Hi', 'cache': true}"), "/text"))
                .isEqualTo("first");

        assertThat(at(run("ai.prompt", config), "/text")).isEqualTo("second");
    }

    @Test
    void anAnswerThatWasCutIsNotKept() {
        script("[{'times': 1, 'text': 'fir', 'stop': 'max-tokens'}, {'text': 'first'}]");
        String config = "{'model': 'm', 'prompt': 'Hi', 'cache': true}";

        assertThat(at(run("ai.prompt", config), "/text")).isEqualTo("fir");
        assertThat(at(run("ai.prompt", config), "/text")).isEqualTo("first");
    }

    // ---------------------------------------------------------------- failures

    @Test
    void aFailureThatMayPassIsTriedAgainAndEachAttemptIsRecorded() {
        script("[{'times': 2, 'error': {'kind': 'unavailable', 'message': 'busy'}}, {'text': 'ok'}]");

        TestRun run = run("ai.prompt", "{'model': 'm', 'prompt': 'Hi'}");

        assertThat(at(run, "/text")).isEqualTo("ok");
        assertThat((JsonArray) at(run, "/attempts")).hasSize(3);
        assertThat(at(run, "/attempts/1/error/kind")).isEqualTo("unavailable");
    }

    @Test
    void anotherModelAnswersWhenTheFirstCannot() {
        script("[{'when': {'model': 'first*'}, 'error': {'kind': 'quota', 'again': false}},"
                + "{'when': {'model': 'second'}, 'error': {'kind': 'unavailable'}}, {'text': 'third'}]");

        TestRun run = run(
                "ai.prompt",
                "{'model': 'first-1', 'prompt': 'Hi', 'fallback': [{'model': 'second'}, {'model': 'third'}]}");

        assertThat(at(run, "/text")).isEqualTo("third");
        // One that is never tried again, three that may pass, and the one that answers.
        assertThat((JsonArray) at(run, "/attempts")).hasSize(5);
    }

    @Test
    void aModelThatAnswersLaterIsWaitedForIfNoOtherAnswersAtAll() {
        script("[{'when': {'model': 'first'}, 'times': 1, 'error': {'kind': 'rate-limit', 'retryAfter': '2h'}},"
                + "{'when': {'model': 'second'}, 'error': {'kind': 'quota', 'again': false}}, {'text': 'at last'}]");

        TestRun run = run("ai.prompt", "{'model': 'first', 'prompt': 'Hi', 'fallback': [{'model': 'second'}]}");

        assertThat(at(run, "/text")).isEqualTo("at last");
        assertThat(Duration.between(run.record().startedAt(), run.record().endedAt()))
                .isBetween(Duration.ofHours(2), Duration.ofMinutes(121));
        assertThat((JsonArray) at(run, "/attempts")).hasSize(3);
    }

    @Test
    void aNameOfAFileThatIsNoTextIsSaid() {
        script("[{'text': 'yes'}]");

        TestRun run = run(
                "ai.prompt",
                "{'model': 'm', 'files': [{'url': 'https://a.example/b', 'mediaType': 'image/png', 'name': '{{1 + 1}}'}]}");

        assertThat(run.record().error().kind()).isEqualTo("config");
        assertThat(run.record().error().message()).contains("'name' is a text, found number");
    }

    @Test
    void whenNoModelAnswersTheLastReasonIsSaidWithAllAttempts() {
        script("[{'error': {'kind': 'unavailable', 'message': 'busy'}}]");

        TestRun run = run("ai.prompt", "{'model': 'm', 'prompt': 'Hi', 'fallback': [{'model': 'n'}]}");

        assertThat(run.record().status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(run.record().error().kind()).isEqualTo("unavailable");
        assertThat(run.record().error().message()).contains("busy").contains("6 attempts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claude-3-opus-20240229",
                "claude-3-5-sonnet-latest",
                "claude-3-haiku-20240307",
                "claude-sonnet-4-20250514",
                "gemini-pro"
            })
    void aModelThatIsGoneIsSaidToBe(String model) {
        script("[{'error': {'kind': 'model-request', 'message': 'not found', 'again': false}}]");

        assertThat(run("ai.prompt", "{'model': '" + model + "', 'prompt': 'Hi'}")
                        .record()
                        .error()
                        .message())
                .contains("'" + model + "' was retired on 202");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4",
                "gpt-4-turbo",
                "gpt-3.5-turbo",
                "claude-3-opus",
                "claude-3-5-sonnet",
                "gemini-pro",
                "no-such"
            })
    void olderAndUnknownModelsAreAsked(String model) {
        script("[{'text': 'ok'}]");

        assertThat(at(run("ai.prompt", "{'model': '" + model + "', 'prompt': 'Hi', 'temperature': 0.1}"), "/text"))
                .isEqualTo("ok");
    }

    @Test
    void aRequestThatNoRuleFitsSaysSo() {
        script("[{'when': {'says': 'weather'}, 'text': 'sunny'}]");

        assertThat(run("ai.prompt", "{'model': 'm', 'prompt': 'Hi'}")
                        .record()
                        .error()
                        .message())
                .contains("None of the 1 rules", "'Hi'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                        | no list 'rules'
            {'rules': [1]}                            | rule 1
            {'rules': [{'texts': 'a'}]}               | no field 'texts'
            {'rules': [{'when': {'say': 'a'}}]}       | no field 'say'
            {'rules': [{'when': {'matches': '('}}]}   | regular expression
            {'rules': [{}, {'stop': 'now'}]}          | rule 2
            """)
    void aScriptThatIsNoneIsRefused(String script, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScriptedProvider.of(json(script)))
                .withMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ai.prompt   | {'prompt': 'Hi'}                                              | model
            ai.prompt   | {'model': 'm', 'prompt': 'Hi', 'effort': 'much'}              | effort
            ai.prompt   | {'model': 'm', 'prompt': 'Hi', 'schema': {'type': 'strin'}}   | schema
            ai.extract  | {'model': 'm', 'text': 'a'}                                   | schema
            ai.classify | {'model': 'm', 'text': 'a', 'labels': ['one']}                | labels
            ai.prompt   | {'model': 'm', 'prompt': 'Hi', 'budget': {}}                   | budget
            ai.prompt   | {'model': 'm', 'prompt': 'Hi', 'budget': {'amount': 'x'}}      | budget
            ai.prompt   | {'model': 'm', 'prompt': 'Hi', 'guardrails': {'input': [{'type': 'deny', 'patterns': ['(']}]}} | guardrails
            """)
    void whatIsWrongIsSaidBeforeAnythingRuns(String type, String config, String named) {
        script("[{'text': 'a'}]");

        List<Problem> problems = engine.engine()
                .validate(WorkflowJson.parse(("{'format': 1, 'id': 'w', 'nodes': [{'id': 'ask', 'type': '" + type
                                + "', 'data': {'config': " + config + "}}], 'edges': []}")
                        .replace('\'', '"')));

        assertThat(problems)
                .anySatisfy(problem ->
                        assertThat(problem.pointer() + problem.message()).contains(named));
    }

    @Test
    void aPromptWithNothingInItIsNotSent() {
        script("[{'text': 'a'}]");

        TestRun run = run("ai.prompt", "{'model': 'm', 'prompt': ' {{input.missing}}'}");

        assertThat(run.record().error().kind()).isEqualTo("config");
        assertThat(attempts).isEmpty();
    }
}
