package io.automationhub.engine.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.functions.StandardFunctions;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.nodes.BuiltInNodes;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the validator knows of data: what is there when an expression reads it, and which fields it has. */
class DataFlowTest {

    private static List<Problem> validate(String json) {
        NodeExecutorRegistry.Builder registry = NodeExecutorRegistry.builder();
        BuiltInNodes.register(registry);
        registry.register("work", NodeTraits.PURE_INLINE, call -> null);
        return new WorkflowValidator(registry.build(), StandardFunctions.library())
                .validate(WorkflowJson.parse(json.replace('\'', '"')));
    }

    /**
     * A workflow whose node {@code n} formats {@code template}.
     *
     * @param nodes each {@code id} or {@code id=type} with settings after a blank; {@code t} is the trigger
     * @param edges each {@code source[:handle]>target}
     */
    private static List<Problem> validate(String nodes, String edges, String template) {
        StringBuilder list = new StringBuilder("{'id':'t','type':'trigger.manual'}");
        for (String node : nodes.split("\\s*;\\s*")) {
            String[] parts = node.split("\\s+", 2);
            String[] name = parts[0].split("=");
            String settings = parts.length > 1 ? parts[1] : "";
            String config =
                    name.length > 1 && name[1].equals("condition") ? "'config':{'when':'input.x'}" : "'config':{}";
            list.append(",{'id':'%s','type':'%s','data':{%s%s}}"
                    .formatted(
                            name[0],
                            name.length > 1 ? name[1] : "work",
                            config,
                            settings.isEmpty() ? "" : "," + settings));
        }
        list.append(",{'id':'n','type':'action.format','data':{'config':{'template':'")
                .append(template.replace("'", "\\u0027"))
                .append("'}}}");
        StringBuilder lines = new StringBuilder();
        for (String edge : edges.trim().split("\\s+")) {
            String[] ends = edge.split(">");
            String[] source = ends[0].split(":");
            lines.append(lines.isEmpty() ? "" : ",")
                    .append("{'source':'")
                    .append(source[0])
                    .append("','target':'")
                    .append(ends[1])
                    .append('\'')
                    .append(source.length > 1 ? ",'sourceHandle':'" + source[1] + "'" : "")
                    .append('}');
        }
        return validate("{'format':1,'id':'w','nodes':[" + list + "],'edges':[" + lines + "]}");
    }

    private static String codes(List<Problem> problems) {
        return String.join(
                " ",
                problems.stream().map(problem -> problem.code().name()).sorted().toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            value = {
                // nodes | edges | template | codes
                "a | t>a a>n | {{nodes.a.output.x}} | ``",
                "a;b | t>a a>n t>b | {{nodes.b.output.x}} | NOT_UPSTREAM",
                "a;b | t>a a>n n>b | {{nodes.b.status}} | NOT_UPSTREAM",
                "a | t>a a>n | {{nodes.n.output}} | NOT_UPSTREAM",
                "a;b | t>a t>b a>n b>n | {{nodes.a.output}} {{nodes.b.output}} | ``",
                "a;b | t>a t>b a>n b>n | {{nodes.t.output}} | ``",
                "c=condition;a | t>c c:true>a a>n c:false>n | {{nodes.a.output}} | NOT_ON_EVERY_PATH",
                "c=condition;a | t>c c:true>a a>n c:false>n | {{nodes.a.output?.x}} | ``",
                "c=condition;a | t>c c:true>a a>n c:false>n | {{nodes.a.output ?? 1}} | ``",
                "c=condition;a | t>c c:true>a a>n c:false>n | {{nodes.a.output == null ? 1 : nodes.a.output.x}} | ``",
                "c=condition;a | t>c c:true>a a>n c:false>n | {{nodes.a.status == 'succeeded' ? nodes.a.output.x : 0}} | ``",
                "c=condition;a | t>c c:true>a a>n c:false>n | {{nodes.a.status}} {{nodes.a.error}} | ``",
                "c=condition;a;b | t>c c:true>a c:false>b a>n b>n | {{nodes.a.output?.x ?? nodes.b.output}} | ``",
                "c=condition;a;b | t>c c:true>a c:false>b a>n b>n | {{nodes.c.output}} | ``",
                "c=condition;a | t>c c:true>a c:false>a a>n | {{nodes.a.output}} | ``",
                "c=condition;a;b | t>c c:true>a a>n c:true>b b>n | {{nodes.b.output}} | ``",
                "c=condition;a;b | t>c c:true>a a>b c:true>n b>n | {{nodes.b.output}} | ``",
                "a;b;j 'join':'any' | t>a t>b a>j b>j j>n | {{nodes.a.output}} | NOT_ON_EVERY_PATH",
                "a;b;j | t>a t>b a>j b>j j>n | {{nodes.a.output}} | ``",
                "a;b;j 'join':'any','cancelRest':true | t>a t>b a>j b>j j>n a>n | {{nodes.b.output}} | NOT_ON_EVERY_PATH",
                "a 'onError':'route';e | t>a a>n a:error>e e>n | {{nodes.a.output}} | NOT_ON_EVERY_PATH",
                "a 'onError':'route' | t>a a:error>n | {{nodes.a.output}} | NOT_ON_EVERY_PATH",
                "a 'onError':'route' | t>a a:error>n | {{nodes.a.error.message}} | ``",
                "a 'onError':'route' | t>a a>n | {{nodes.a.output}} | ERROR_EDGE_REQUIRED",
                "a 'onError':'continue' | t>a a>n | {{nodes.a.output}} | ``",
                "a;b;c=condition | t>a a>c c:true>b b>n c:false>n | {{nodes.a.output.x}} | ``",
            })
    void knowsWhatHasRunWhenANodeReads(String nodes, String edges, String template, String codes) {
        assertThat(codes(validate(nodes, edges, template))).isEqualTo(codes);
    }

    @Test
    void aReadThatComesTooEarlySaysWhereAndWhatToDo() {
        Problem problem =
                validate("a;b", "t>a a>n t>b", "x {{nodes.b.output.x}}").get(0);
        assertThat(problem.code()).isEqualTo(ProblemCode.NOT_UPSTREAM);
        assertThat(problem.pointer()).isEqualTo("/nodes/3/data/config/template");
        assertThat(problem.nodeId()).isEqualTo("n");
        assertThat(problem.message()).isEqualTo("Column 5: 'b' runs beside 'n', so it cannot read nodes.b.output");
        assertThat(problem.hint()).isEqualTo("draw an edge so that 'b' leads to 'n'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "input.subject | ``",
                "input.subjekt | Column 3: 'input' has no field 'subjekt' by its schema; did you mean 'subject'? known are subject, lines, by",
                "input.subject.first | Column 3: 'input.subject' is of type string by its schema, so it has no field 'first'; read 'input.subject' itself",
                "input.subject.first() | ``",
                "input.lines.sku | Column 3: 'input.lines' is of type array by its schema, so it has no field 'sku'; choose an element first, as in input.lines[0].sku",
                "input.lines[0].sku | ``",
                "input.lines[0].skus | Column 3: 'input.lines[0]' has no field 'skus' by its schema; did you mean 'sku'? known are sku",
                "input.by.name | ``",
                "input.by.nam | Column 3: 'input.by' has no field 'nam' by its schema; did you mean 'name'? known are name",
                "nodes.c.output.sum | ``",
                "nodes.c.output.summ | Column 3: 'nodes.c.output' has no field 'summ' by its schema; did you mean 'sum'? known are sum",
                "previous.summ | Column 3: 'previous' has no field 'summ' by its schema; did you mean 'sum'? known are sum",
                "person.nme | Column 3: 'person' has no field 'nme' by its schema; did you mean 'name'? known are name",
                "vars.person.name | ``",
            })
    void knowsTheFieldsOfWhatIsRead(String expression, String expected) {
        List<Problem> problems = validate("""
                {'format':1,'id':'w',
                 'variables':{'person':{'type':'object','schema':{'type':'object','properties':{'name':{'type':'string'}}}}},
                 'input':{'type':'object','properties':{'subject':{'type':'string'},
                    'lines':{'type':'array','items':{'properties':{'sku':{}}}},
                    'by':{'$ref':'#/$defs/person'}},
                    '$defs':{'person':{'properties':{'name':{'type':'string'}}}}},
                 'nodes':[{'id':'t','type':'trigger.manual'},
                   {'id':'c','type':'action.calculate','data':{'config':{'values':{'sum':'size(person)'}}}},
                   {'id':'l','type':'action.log','data':{'config':{'message':'x'}}},
                   {'id':'n','type':'action.format','data':{'config':{'template':'{{%s}}'}}}],
                 'edges':[{'source':'t','target':'c'},{'source':'c','target':'l'},{'source':'l','target':'n'}]}
                """.formatted(expression));
        String found = String.join(
                " ",
                problems.stream()
                        .map(problem -> problem.message() + "; " + problem.hint())
                        .toList());
        assertThat(found).isEqualTo(expected);
        assertThat(problems).allMatch(problem -> problem.code() == ProblemCode.UNKNOWN_FIELD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{{nodes.send-mail.output}} | nodes['send-mail'].output",
                "{{nodes.größe.output.x}} | nodes['größe'].output",
                "{{nodes.a b.output}} | nodes['a b'].output",
                "{{1 + nodes.send-mail.output.x}} | nodes['send-mail'].output",
            })
    void saysThatAnIdNeedsBrackets(String template, String expected) {
        List<Problem> problems =
                validate("{'format':1,'id':'w','nodes':[{'id':'send-mail','type':'work'},{'id':'2nd','type':'work'},"
                        + "{'id':'größe','type':'work'},{'id':'a b','type':'work'},"
                        + "{'id':'n','type':'action.format','data':{'config':{'template':'" + template + "'}}}],"
                        + "'edges':[{'source':'send-mail','target':'2nd'},{'source':'2nd','target':'größe'},"
                        + "{'source':'größe','target':'a b'},{'source':'a b','target':'n'}]}");
        assertThat(codes(problems)).isEqualTo("INVALID_EXPRESSION");
        assertThat(problems.get(0).hint()).contains("is written " + expected);
    }

    private static List<Problem> variables(String declarations, String values, String template) {
        return validate("""
                {'format':1,'id':'w','variables':{%s},
                 'nodes':[{'id':'t','type':'trigger.manual'},
                   {'id':'s','type':'action.set','data':{'config':{'values':{%s}}}},
                   {'id':'n','type':'action.format','data':{'config':{'template':'%s'}}}],
                 'edges':[{'source':'t','target':'s'},{'source':'s','target':'n'}]}
                """.formatted(declarations, values, template));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'a':{'type':'string'} | 'a':'x' | {{a}} | ``",
                "'a':{'type':'string'} | 'a':'{{input.x}}' | {{a}} | ``",
                "'a':{'type':'string'} | 'b':'x' | {{a}} | UNKNOWN_VARIABLE /nodes/1/data/config/values/b The node sets the variable 'b', which the workflow does not declare",
                "'a':{'type':'integer'} | 'a':'x' | {{a}} | VARIABLE_VALUE /nodes/1/data/config/values/a The variable 'a' is of type integer, but the value is of type text",
                "'a':{'type':'integer','required':true} | 'a':null | {{a}} | VARIABLE_VALUE /nodes/1/data/config/values/a The variable 'a' is required, so it cannot be null",
                "'a':{'type':'object','schema':{'required':['n']}} | 'a':{} | {{a}} | VARIABLE_VALUE /nodes/1/data/config/values/a The variable 'a' does not fit its schema: required property 'n' not found",
                "'a':{'type':'object','default':{},'schema':{'required':['n']}} | 'a':{'n':1} | {{a}} | INVALID_VARIABLE /variables/a/default The variable 'a' does not fit its schema: required property 'n' not found",
                "'a':{'type':'list','schema':{'items':{'type':'string'}}} | 'a':['x', 1] | {{a}} | VARIABLE_VALUE /nodes/1/data/config/values/a The variable 'a' does not fit its schema at /1: integer found, string expected",
                "'a':{'type':'object','schema':{'type':'objekt'}} | 'a':{} | {{a}} | INVALID_SCHEMA /variables/a/schema This is not a JSON Schema",
                "'a':{'type':'string'},'b':{'type':'string'} | 'a':'x' | x | UNUSED_VARIABLE /variables/b Nothing reads or sets the variable 'b'",
            })
    void checksVariables(String declarations, String values, String template, String expected) {
        List<Problem> problems = variables(declarations, values, template);
        String found = problems.isEmpty()
                ? ""
                : problems.get(0).code() + " " + problems.get(0).pointer() + " "
                        + problems.get(0).message();
        assertThat(problems).hasSizeLessThan(2);
        assertThat(found).startsWith(expected);
        assertThat(found.isEmpty()).isEqualTo(expected.isEmpty());
    }

    private static String race(String edges) {
        StringBuilder lines = new StringBuilder();
        for (String edge : edges.trim().split("\\s+")) {
            String[] ends = edge.split(">");
            String[] source = ends[0].split(":");
            lines.append(lines.isEmpty() ? "" : ",")
                    .append("{'source':'")
                    .append(source[0])
                    .append("','target':'")
                    .append(ends[1])
                    .append('\'')
                    .append(source.length > 1 ? ",'sourceHandle':'" + source[1] + "'" : "")
                    .append('}');
        }
        List<Problem> problems = validate("""
                {'format':1,'id':'w','variables':{'x':{'type':'number','default':0}},
                 'nodes':[{'id':'t','type':'trigger.manual'},
                   {'id':'c','type':'condition','data':{'config':{'when':'true'}}},
                   {'id':'a','type':'action.set','data':{'config':{'values':{'x':'{{x + 1}}'}}}},
                   {'id':'b','type':'action.set','data':{'config':{'values':{'x':2}}}},
                   {'id':'r','type':'action.format','data':{'config':{'template':'{{x}}'}}}],
                 'edges':[%s]}
                """.formatted(lines));
        return String.join(
                " ",
                problems.stream()
                        .filter(problem -> problem.code() == ProblemCode.VARIABLE_RACE)
                        .map(problem -> problem.message()
                                .replaceAll(".*'(.)' sets the variable 'x', and '(.)'.* (\\w+) it", "$1-$2 $3"))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "t>a a>b b>r t>c | ``",
                "t>c c:true>a c:false>b a>r b>r | ``",
                "t>c c>a c:true>b b>r | ``",
                "t>a t>b a>r b>r t>c | a-b sets",
                "t>a a>b t>r t>c | a-r reads b-r reads",
                "t>c c:true>a c:true>b a>r b>r | a-b sets",
            })
    void findsVariablesThatTwoNodesUseAtOnce(String edges, String expected) {
        assertThat(race(edges)).isEqualTo(expected);
    }

    @Test
    void textAroundAnExpressionIsTextWhateverTheExpressionYields() {
        List<Problem> problems = validate("""
                {'format':1,'id':'w','nodes':[{'id':'c','type':'condition',
                  'data':{'config':{'conditions':[{'left':'{{input.a}}','op':'equals','right':1,'ignoreCase':'{{input.b}} x'}]}}}],
                 'edges':[]}
                """);
        assertThat(codes(problems)).isEqualTo("INVALID_CONFIG");
        assertThat(problems.get(0).pointer()).isEqualTo("/nodes/0/data/config/conditions/0/ignoreCase");
    }
}
