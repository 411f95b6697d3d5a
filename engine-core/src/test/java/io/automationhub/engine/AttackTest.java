package io.automationhub.engine;

import static io.automationhub.engine.nodes.Nodes.calculate;
import static io.automationhub.engine.nodes.Nodes.choice;
import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.fail;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.log;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.set;
import static io.automationhub.engine.nodes.Nodes.stop;
import static io.automationhub.engine.nodes.Nodes.switchOn;
import static io.automationhub.engine.nodes.Nodes.transform;
import static io.automationhub.engine.nodes.transform.TransformStep.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.nodes.Nodes;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVariable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Published attacks on expression languages, each in every place where an expression may stand. */
@Tag("campaign")
class AttackTest {

    private static final WorkflowEngine ENGINE = WorkflowEngine.create();

    /** The time that an attack may take in one place, with room for a machine that is busy. */
    private static final Duration MOST = Duration.ofSeconds(1);

    private static final Object INPUT = Map.of("name", "Ada", "n", 5, "list", List.of(1, 2, 3));

    @AfterAll
    static void close() {
        ENGINE.close();
        assertThat(ProcessHandle.current().children())
                .as("processes that an attack started")
                .isEmpty();
    }

    /** Attacks on JEXL, SpEL, OGNL, MVEL, EL, Velocity, FreeMarker, Twig, Jinja, Handlebars and JavaScript sandboxes. */
    private static final List<String> ATTACKS = List.of(
            // Reflection and class loading
            "''.getClass()",
            "''.class",
            "''.class.forName('java.lang.Runtime')",
            "''.getClass().forName('java.lang.Runtime').getMethod('getRuntime').invoke(null).exec('id')",
            "\"\".getClass().forName(\"java.lang.Runtime\").getMethods()[6].invoke(\"\".getClass())",
            "''.class.classLoader.loadClass('java.lang.Runtime')",
            "''.class.protectionDomain.codeSource.location",
            "''.class.module.classLoader",
            "input.getClass()",
            "input.getClass().getClassLoader().getResource('/')",
            "input.list.getClass()",
            "input.list.class.module",
            "input.name.class.name",
            "input.n.class",
            "input.n.getClass().getName()",
            "[].getClass()",
            "{}.getClass()",
            "{'a':1}.getClass().getDeclaredFields()",
            "[1].class.componentType",
            "(1).getClass()",
            "true.getClass()",
            "null.getClass()",
            "now().getClass()",
            "input.hashCode()",
            "input.wait()",
            "input.notifyAll()",
            "input.clone()",
            "input.finalize()",
            "input.name.intern()",
            "input.name.getBytes()",
            "input.name.chars()",
            "input.list.iterator()",
            "input.list.stream()",
            "input.list.toArray()",
            "input.entrySet()",
            "input.list.add(1)",
            "input.put('a', 1)",
            "input.remove('name')",
            "input.list.clear()",
            "execution.getClass()",
            "workflow.class.classLoader",
            "nodes.getClass()",
            "vars.class.forName('x')",
            "previous.getClass()",
            // Making objects, static access
            "new('java.lang.ProcessBuilder', ['id']).start()",
            "new(\"java.lang.String\", \"x\")",
            "new java.lang.ProcessBuilder('id').start()",
            "new ProcessBuilder('id')",
            "new String('x')",
            "new java.io.File('/etc/passwd').text",
            "new java.util.Scanner(new java.io.File('/etc/passwd')).next()",
            "new javax.script.ScriptEngineManager().getEngineByName('js').eval('1')",
            "new java.net.URL('http://localhost').openStream()",
            "T(java.lang.Runtime).getRuntime().exec('id')",
            "T(java.lang.System).getenv()",
            "T(org.springframework.util.StreamUtils).copy(1, 2)",
            "@java.lang.Runtime@getRuntime().exec('id')",
            "(#rt=@java.lang.Runtime@getRuntime(),#rt.exec('id'))",
            "#_memberAccess['allowStaticMethodAccess']=true",
            "#context['xwork.MethodAccessor.denyMethodExecution']=false",
            "java.lang.Runtime.getRuntime().exec('id')",
            "java.lang.System.exit(1)",
            "Runtime.getRuntime().exec('id')",
            "System.getProperty('user.home')",
            "System.exit(0)",
            "Class.forName('java.lang.Runtime')",
            "Thread.currentThread().interrupt()",
            "Math.abs(1)",
            "java.util.Collections.emptyList()",
            "import('java.lang.Runtime')",
            "import java.lang.Runtime",
            "import java.lang.*; Runtime.getRuntime()",
            "package x",
            // Namespaces, functions that do not exist
            "system:exec('id')",
            "rt:getRuntime()",
            "java:type('java.lang.Runtime')",
            "jexl:eval('1+1')",
            "cmd:run('id')",
            "eval('1+1')",
            "exec('id')",
            "load('x')",
            "print('x')",
            "include('/etc/passwd')",
            "require('fs')",
            "getClass()",
            "forName('java.lang.Runtime')",
            "$jexl.eval('1')",
            "text:getClass('x')",
            "env('PATH')",
            "file('/etc/passwd')",
            // Annotations and pragmas
            "@synchronized(input) 1",
            "@silent 1",
            "@unsecure{ 1 }",
            "#pragma jexl.namespace.rt java.lang.Runtime",
            "#pragma jexl.import java.lang\nnew Runtime()",
            "#pragma jexl.options '+strict'",
            "#set($x='')",
            "##comment",
            // Statements, loops, lambdas, assignments
            "for (x : input.list) { x }",
            "for (var x : [1,2,3]) x",
            "for (;;) {}",
            "while (true) {}",
            "while (true) 1",
            "do { 1 } while (true)",
            "var x = 1",
            "var x = 1; x",
            "let x = 1",
            "const x = 1",
            "x = 1",
            "input.name = 'x'",
            "input['name'] = 'x'",
            "input.list[0] = 9",
            "input.n += 1",
            "input.n -= 1",
            "input.n++",
            "++input.n",
            "--input.n",
            "input.n--",
            "vars.team = 'x'",
            "team = 'x'",
            "(x) -> { x }",
            "x -> x + 1",
            "() -> { 1 }",
            "(a, b) -> { a + b }",
            "(x) => x",
            "x => x",
            "function(x) { x }",
            "function f() { f() } f()",
            "def x = 1",
            "return 1",
            "return input",
            "break",
            "continue",
            "throw 'x'",
            "try { 1 } catch (e) { 2 }",
            "try (x) { 1 } finally { 2 }",
            "if (true) 1",
            "if (true) { 1 } else { 2 }",
            "switch (1) { case 1: 2 }",
            "1; 2",
            ";",
            "1;",
            "{ 1; 2 }",
            "{1, 2}",
            "delete input.name",
            "typeof input",
            "void 0",
            "yield 1",
            "await input",
            // Operators and literals that are not of the language
            "1 & 2",
            "1 | 2",
            "1 ^ 2",
            "~1",
            "1 << 2",
            "1 >> 2",
            "1 >>> 2",
            "1 === 1",
            "1 !== 1",
            "1 <> 2",
            "1 ** 2",
            "input instanceof Map",
            "input.name !instanceof String",
            "1..1000000000",
            "1 .. 10",
            "[1..10]",
            "~/a.*/",
            "input.name =~ ~/a.*/",
            "/a/.test('a')",
            "0x7fffffff",
            "017",
            "1L",
            "1.5d",
            "1h",
            "1b",
            "NaN",
            "Infinity",
            "`template ${input.name}`",
            "`x`",
            "'a' 'b'",
            "{'a': 1, ...}",
            "[...]",
            "[...input.list]",
            "input.*",
            "input.list.{? true}",
            "input.list.![#this]",
            "input.?['x']",
            "input::name",
            "String::valueOf",
            "#this",
            "#root.class",
            "$!input",
            "${7*7}",
            "#{7*7}",
            "*{7*7}",
            "%{7*7}",
            "<%= 7*7 %>",
            "<#assign x='freemarker.template.utility.Execute'?new()>",
            "[[${7*7}]]",
            "__${7*7}__::x",
            "// comment",
            "1 /* comment */ + 1",
            // Sandboxes of other languages
            "__import__('os').system('id')",
            "constructor.constructor('return this')()",
            "input.constructor.constructor('return process')()",
            "input.constructor('x')",
            "this.constructor.constructor('return 1')()",
            "this",
            "self",
            "globalThis.process",
            "process.env",
            "process.mainModule.require('child_process').execSync('id')",
            "require('child_process')",
            "arguments.callee",
            "Function('return 1')()",
            "input.__proto__.x",
            "input.__defineGetter__('x', 1)",
            "''.__class__.__mro__[1].__subclasses__()",
            "config.items()",
            "self.__init__.__globals__",
            "cycler.__init__.__globals__.os.popen('id').read()",
            "_self.env.registerUndefinedFilterCallback('exec')",
            "request.getSession()",
            "pageContext.request.session",
            "session.setAttribute('x', 1)",
            "applicationScope['x'].y",
            "$item.json",
            "$node['x'].json",
            "$env.PATH",
            "$('x').first()",
            // Encodings
            "\u202e1 + 1",
            "input.na\u200bme",
            "input\u00a0.name",
            "ｉnput.name",
            "\u0130nput",
            "input.nаme",
            "\ud83d\ude00",
            "\ud800",
            "'x' + \udc00",
            "\u0000",
            "1 +\u0000 1",
            "\ufeff1 + 1",
            "\u2028 1",
            "\\u0067etClass()",
            "''['\\u0063lass']",
            "'",
            "\"",
            "'unclosed",
            "(",
            ")",
            "((1)",
            "[",
            "]",
            "{",
            "{'a': ",
            "input[",
            "input['",
            "input.",
            ".name",
            "input..name",
            "?.x",
            "a ? b",
            "a ? b :",
            "== 1",
            "&& true",
            "1 +",
            "+",
            "!",
            "",
            "   ",
            "\t\n");

    private static Stream<String> attacks() {
        return Stream.concat(ATTACKS.stream(), large().stream());
    }

    /** Large, deep, and what would make much of little. */
    private static List<String> large() {
        List<String> all = new ArrayList<>(List.of(
                "(".repeat(10_000) + "1" + ")".repeat(10_000),
                "(".repeat(9_000) + "1" + ")".repeat(9_000),
                "[".repeat(5_000) + "]".repeat(5_000),
                "{'a':".repeat(2_000) + "1" + "}".repeat(2_000),
                "input[".repeat(1_000) + "0" + "]".repeat(1_000),
                "!".repeat(19_000) + "true",
                "-".repeat(19_000) + "1",
                "1" + "+1".repeat(9_000),
                "true" + " ? 1 : true".repeat(1_500) + " ? 1 : 2",
                "null" + " ?? null".repeat(2_000),
                "input" + ".a".repeat(9_000),
                "'a'" + ".upper()".repeat(2_400),
                "x".repeat(19_999),
                "x".repeat(10_000_000),
                "'" + "x".repeat(10_000_000) + "'",
                " ".repeat(10_000_000) + "1",
                "9".repeat(19_000),
                "1e999999999",
                "1e400 * 1e400",
                "1e-400 / 1e400",
                "'a'.padEnd(2000000000, 'ab')",
                "'a'.padEnd(10000000).map(item)",
                "'a'.repeat(1000000).replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')",
                "'a'.padStart(2000000000)",
                "'a'.repeat(15000000) + 'a'.repeat(15000000)",
                "range(0, 2000000000)",
                "range(0, 100000).map(range(0, 100000))",
                "range(0, 100000).map(range(0, 100000).sum()).sum()",
                "input.list.map('x'.repeat(10000000)).join('')",
                "['a', '('].filter('a' =~ item)",
                "'x' =~ '('",
                "'x' =~ '" + "(".repeat(5_000) + "'",
                "'x' =~ 'a{1000}{1000}'",
                "'x'.matches('" + "(a|".repeat(3_000) + "')"));
        return all;
    }

    /** A way to put an expression into a workflow. */
    private record Place(String name, Function<String, Workflow> with) {
        static Place of(String name, Function<String, NodeSpec> node) {
            return new Place(name, source -> workflow(node.apply(source)).build());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static io.automationhub.engine.workflow.WorkflowBuilder workflow(NodeSpec node) {
        return Workflow.builder("attacked")
                .variable("team", WorkflowVariable.Type.ANY, null)
                .start(manualTrigger("start"))
                .then(node);
    }

    private static Workflow inGroup(NodeSpec group, NodeSpec inside) {
        return Workflow.builder("attacked")
                .variable("team", WorkflowVariable.Type.ANY, null)
                .start(manualTrigger("start"))
                .group(group, body -> body.then(inside))
                .build();
    }

    private static final List<Place> PLACES = List.of(
            Place.of("condition", source -> condition("n", source)),
            Place.of("condition in braces", source -> condition("n", "{{" + source + "}}")),
            Place.of(
                    "conditions",
                    source -> node("n", "condition")
                            .with(
                                    "conditions",
                                    List.of(Map.of("left", "{{" + source + "}}", "op", "equals", "right", 1)))),
            Place.of("switch", source -> switchOn("n", choice("a", source))),
            Place.of("calculate", source -> calculate("n", Map.of("x", source))),
            Place.of("set", source -> set("n", Map.of("team", "{{" + source + "}}"))),
            Place.of("format", source -> format("n", "{{" + source + "}}")),
            Place.of("format, within text", source -> format("n", "Hello {{" + source + "}}!")),
            Place.of("format, second hole", source -> format("n", "{{input.n}} {{" + source + "}} {{input.n}}")),
            Place.of("format, deep", source -> format("n", Map.of("a", List.of(Map.of("b", "{{" + source + "}}"))))),
            Place.of("log", source -> log("n", "{{" + source + "}}")),
            Place.of("delay", source -> Nodes.delayUntil("n", "{{" + source + "}}")),
            Place.of("fail", source -> fail("n", "x", "{{" + source + "}}")),
            Place.of("stop", source -> stop("n", "{{" + source + "}}")),
            Place.of("transform, source", source -> transform("n").with("source", "{{" + source + "}}")),
            Place.of(
                    "transform, filter", source -> transform("n", step("filter").with("when", source))),
            Place.of("transform, map", source -> transform("n", step("map").with("value", source))),
            Place.of(
                    "transform, join",
                    source -> transform("n", step("join").with("on", "a").with("with", "{{" + source + "}}"))),
            Place.of("forEach, items", source -> node("n", "forEach").with("items", source)),
            new Place("loop, while", source -> inGroup(node("n", "loop").with("while", source), format("x", 1))),
            new Place("loop, until", source -> inGroup(node("n", "loop").with("until", source), format("x", 1))),
            new Place(
                    "forEach, output",
                    source -> inGroup(
                            node("n", "forEach").with("items", "[1]").with("output", "{{" + source + "}}"),
                            format("x", 1))),
            new Place("inside a group", source -> inGroup(node("n", "scope"), format("x", "{{" + source + "}}"))),
            new Place(
                    "output",
                    source -> workflow(format("n", 1))
                            .output("{{" + source + "}}")
                            .build()));

    @ParameterizedTest
    @MethodSource("attacks")
    void anAttackIsAnErrorInTheSameWordsWhereverItStands(String attack) {
        Map<String, Set<String>> words = new LinkedHashMap<>();
        for (Place place : PLACES) {
            long begin = System.nanoTime();
            String outcome = outcome(place.with().apply(attack));
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(took).as("%s of %s", place, shortened(attack)).isLessThan(MOST);
            assertThat(outcome).as("%s of %s", place, shortened(attack)).doesNotStartWith("no error");
            words.computeIfAbsent(outcome, key -> new LinkedHashSet<>()).add(place.name());
        }
        assertThat(words).as(shortened(attack)).hasSize(1);
    }

    /** What stands before the words in places that are not the field of a node. */
    private static final String WHERE =
            "^(Step 0 \\(\\w+\\) at item 0|The output of the (workflow|iteration) cannot be rendered): ";

    /** The words of the error, without the place that they name. */
    private static String outcome(Workflow workflow) {
        try {
            WorkflowExecution execution = ENGINE.run(workflow, INPUT);
            return execution
                    .error()
                    .map(error -> error.message().replaceFirst(WHERE, ""))
                    .orElse("no error, but " + execution.output());
        } catch (InvalidWorkflowException e) {
            return e.problems().stream()
                    .filter(Problem::isError)
                    .map(problem -> problem.message().replaceFirst("^Column \\d+: ", "") + "; " + problem.hint())
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String shortened(String attack) {
        return attack.length() > 100 ? attack.substring(0, 100) + "… (" + attack.length() + ")" : attack;
    }

    /** Data goes through every node as it is: rendered twice nowhere. */
    @Test
    void dataThatLooksLikeAnExpressionStaysData() {
        List<Object> values = new ArrayList<>(ATTACKS);
        ATTACKS.forEach(attack -> values.add("{{" + attack + "}}"));
        values.add("{{input.name}}");
        values.add("{{'{{'}}");
        values.add("{\"$ref\": \"{{x}}\"}");
        Object data = Json.of(values.stream()
                .filter(value -> !value.toString().matches("(?s).*[\ud800-\udfff].*"))
                .toList());
        Workflow workflow = Workflow.builder("data")
                .variable("team", WorkflowVariable.Type.ANY, null)
                .start(manualTrigger("start"))
                .then(set("set", Map.of("team", "{{input}}")))
                .then(calculate("calculate", Map.of("list", "team", "text", "team[0]")))
                .then(format(
                        "format",
                        Map.of("list", "{{previous.list}}", "text", "{{previous.list[0]}} {{previous.list[1]}}")))
                .then(transform(
                                "map",
                                step("split").with("field", "list").with("alone", true),
                                step("map").with("fields", Map.of("it", "item")))
                        .with("source", "{{previous}}"))
                .then(log("log", "{{previous}}"))
                .then(node("aggregate", "transform")
                        .with("steps", List.of(Map.of("op", "aggregate", "fields", Map.of("all", "item.it")))))
                .then(condition("condition", "size(previous[0].all) > 0"))
                .build();
        WorkflowExecution execution = ENGINE.run(workflow, data).orElseThrow();
        JsonArray output = (JsonArray) execution.output();
        assertThat(((JsonObject) output.get(0)).get("all")).isEqualTo(data);
        assertThat(execution.logs())
                .hasSize(1)
                .allSatisfy(line -> assertThat(line.message()).contains("{{7*7}}".substring(2, 5)));
        assertThat(((JsonObject) execution.node("format").orElseThrow().output()).get("text"))
                .isEqualTo(ATTACKS.get(0) + " " + ATTACKS.get(1));
    }
}
