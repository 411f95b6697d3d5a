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

class WorkflowValidatorTest {

    private static List<Problem> validate(String json) {
        NodeExecutorRegistry.Builder registry = NodeExecutorRegistry.builder();
        BuiltInNodes.register(registry);
        registry.register("work", NodeTraits.PURE_INLINE, call -> null);
        return new WorkflowValidator(registry.build(), StandardFunctions.library()).validate(WorkflowJson.parse(json));
    }

    /** A workflow of these nodes and edges; quotes are single, an edge is {@code source[:handle]>target}. */
    private static List<Problem> validate(String nodes, String edges) {
        StringBuilder list = new StringBuilder();
        for (String edge :
                edges == null || edges.isBlank() ? new String[0] : edges.trim().split("\\s+")) {
            String[] ends = edge.split(">");
            String[] source = ends[0].split(":");
            list.append(list.isEmpty() ? "" : ",")
                    .append("{\"source\":\"")
                    .append(source[0])
                    .append("\",\"target\":\"")
                    .append(ends[1])
                    .append('"')
                    .append(source.length > 1 ? ",\"sourceHandle\":\"" + source[1] + "\"" : "")
                    .append('}');
        }
        return validate(
                "{\"format\":1,\"id\":\"w\",\"nodes\":[" + nodes.replace('\'', '"') + "],\"edges\":[" + list + "]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':'a','type':'work'} | | ``",
                "{'id':'a','type':'work'},{'id':'a','type':'work'} | | DUPLICATE_ID /nodes/1/id",
                "{'id':'a','type':'wrok'} | | UNKNOWN_TYPE /nodes/0/type",
                "{'id':'','type':'work'} | | INVALID_ID /nodes/0/id",
                "{'type':'work'} | | MISSING_FIELD /nodes/0/id",
                "{'id':'a'} | | MISSING_FIELD /nodes/0/type",
                "{'id':'a','type':''} | | MISSING_FIELD /nodes/0/type",
                "{'id':7,'type':'work'} | | WRONG_TYPE /nodes/0/id",
                "7 | | WRONG_TYPE /nodes/0, NO_NODES /nodes",
                "{'id':'a','type':'work'},{'id':'b','type':'work'} | a>b b>a | CYCLE /nodes/0",
                "{'id':'a','type':'work'} | a>a | CYCLE /nodes/0",
                "{'id':'a','type':'work'} | a>x | DANGLING_EDGE /edges/0/target",
                "{'id':'a','type':'work'},{'id':'b','type':'work'} | a>b a>b | DUPLICATE_EDGE /edges/1",
                "{'id':'a','type':'work'},{'id':'b','type':'work'} | a:left>b | UNKNOWN_HANDLE /edges/0/sourceHandle",
                "{'id':'t','type':'trigger.manual'},{'id':'a','type':'work'} | | UNREACHABLE /nodes/1",
                "{'id':'a','type':'work'},{'id':'t','type':'trigger.manual'} | a>t | TRIGGER_NOT_FIRST /edges/0/target, UNREACHABLE /nodes/0",
                "{'id':'a','type':'work','data':{'join':2}},{'id':'b','type':'work'} | b>a | JOIN_OUT_OF_RANGE /nodes/0/data/join",
                "{'id':'a','type':'work','data':{'join':0}},{'id':'b','type':'work'} | b>a | JOIN_OUT_OF_RANGE /nodes/0/data/join",
                "{'id':'a','type':'work','data':{'join':-1}},{'id':'b','type':'work'} | b>a | JOIN_OUT_OF_RANGE /nodes/0/data/join",
                "{'id':'a','type':'work','data':{'join':'some'}} | | WRONG_TYPE /nodes/0/data/join",
                "{'id':'a','type':'work','data':{'onError':'route'}} | | ERROR_EDGE_REQUIRED /nodes/0/data/onError",
                "{'id':'a','type':'work','data':{'onError':'fail'}},{'id':'b','type':'work'} | a:error>b | UNUSED_ERROR_EDGE /nodes/0/data/onError",
                "{'id':'a','type':'work','data':{'retry':{'maxAttempts':0}}} | | WRONG_TYPE /nodes/0/data/retry/maxAttempts",
                "{'id':'a','type':'work','data':{'retry':{'initialDelay':5}}} | | WRONG_TYPE /nodes/0/data/retry/initialDelay",
                "{'id':'a','type':'work','data':{'retry':{'jitter':2}}} | | WRONG_TYPE /nodes/0/data/retry/jitter",
                "{'id':'a','type':'work','data':{'timeout':'soon'}} | | WRONG_TYPE /nodes/0/data/timeout",
                "{'id':'a','type':'work','data':{'tiemout':'5s'}} | | UNKNOWN_KEY /nodes/0/data/tiemout",
                "{'id':'a','type':'work','data':{'compensateWith':'b'}} | | INVALID_COMPENSATION /nodes/0/data/compensateWith",
                "{'id':'a','type':'work','data':{'compensateWith':'b'}},{'id':'b','type':'work'} | | ``",
                "{'id':'t','type':'trigger.manual'},{'id':'a','type':'work','data':{'compensateWith':'b'}},{'id':'b','type':'work'} | t>a | ``",
                "{'id':'a','type':'work','data':{'compensateWith':'a'}} | | INVALID_COMPENSATION /nodes/0/data/compensateWith",
                "{'id':'a','type':'work','data':{'compensateWith':'b'}},{'id':'b','type':'work'} | a>b | INVALID_COMPENSATION /nodes/0/data/compensateWith",
                "{'id':'a','type':'work','data':{'compensateWith':'c'}},{'id':'b','type':'work','data':{'compensateWith':'c'}},{'id':'c','type':'work'} | | INVALID_COMPENSATION /nodes/1/data/compensateWith",
                "{'id':'a','type':'work','data':{'compensateWith':'b'}},{'id':'b','type':'work','data':{'compensateWith':'c'}},{'id':'c','type':'work'} | | INVALID_COMPENSATION /nodes/0/data/compensateWith",
                "{'id':'a','type':'work','data':{'compensateWith':'s'}},{'id':'s','type':'scope'} | | INVALID_COMPENSATION /nodes/0/data/compensateWith",
                "{'id':'a','type':'work','data':{'compensateWith':'c'}},{'id':'c','type':'condition','data':{'config':{'when':'true'}}} | | INVALID_COMPENSATION /nodes/0/data/compensateWith",
                "{'id':'a','type':'work','data':{'compensateWith':'b'}},{'id':'s','type':'scope'},{'id':'b','type':'work','parentId':'s'} | | INVALID_COMPENSATION /nodes/0/data/compensateWith",
                "{'id':'g','type':'forEach','data':{'config':{'items':'[1]','distribute':true}}},{'id':'s','type':'stop','parentId':'g'} | | DISTRIBUTED_EFFECT /nodes/1",
                "{'id':'a','type':'work','data':{'onCrash':'maybe'}} | | WRONG_TYPE /nodes/0/data/onCrash",
                "{'id':'a','type':'work','data':{'config':{'x':'{{ nope }}'}}} | | INVALID_EXPRESSION /nodes/0/data/config/x",
                "{'id':'a','type':'work','data':{'config':{'x':'{{ open'}}} | | INVALID_EXPRESSION /nodes/0/data/config/x",
                "{'id':'a','type':'work','data':{'config':{'x':1e999}}} | | TOO_LARGE /nodes/0/data/config, TOO_LARGE /nodes/0/data/config/x",
                "{'id':'c','type':'condition'} | | INVALID_CONFIG /nodes/0/data/config",
                "{'id':'c','type':'condition','data':{'config':{'when':5}}} | | INVALID_CONFIG /nodes/0/data/config/when",
                "{'id':'l','type':'action.log','data':{'config':{'mesage':'x'}}} | | INVALID_CONFIG /nodes/0/data/config, INVALID_CONFIG /nodes/0/data/config",
                "{'id':'l','type':'action.log','data':{'config':{'message':'x','level':'loud'}}} | | INVALID_CONFIG /nodes/0/data/config/level",
                "{'id':'l','type':'action.log','data':{'config':{'message':'x','level':'{{input}}'}}} | | INVALID_CONFIG /nodes/0/data/config/level",
                "{'id':'d','type':'delay','data':{'config':{'duration':'{{input.wait}}'}}} | | ``",
                "{'id':'d','type':'delay','data':{'config':{'duration':'soon'}}} | | INVALID_CONFIG /nodes/0/data/config/duration",
                "{'id':'s','type':'switch','data':{'config':{'cases':[{'handle':'x','when':'true'},{'handle':'x','when':'1 =='}]}}} | | INVALID_EXPRESSION /nodes/0/data/config/cases/1/when, DUPLICATE_HANDLE /nodes/0/data/config/cases/1/handle",
                "{'id':'g','type':'loop','data':{'retry':{},'config':{'until':'true'}}},{'id':'a','type':'work','parentId':'g'} | | RETRY_ON_GROUP /nodes/0/data/retry",
                "{'id':'g','type':'scope'},{'id':'a','type':'work','parentId':'g'},{'id':'b','type':'work'} | a>b | EDGE_CROSSES_GROUP /edges/0",
                "{'id':'a','type':'work','parentId':'x'} | | UNKNOWN_PARENT /nodes/0/parentId",
                "{'id':'g','type':'scope','parentId':'h'},{'id':'h','type':'scope','parentId':'g'} | | PARENT_CYCLE /nodes/0/parentId, PARENT_CYCLE /nodes/1/parentId",
                "{'id':'g','type':'forEach'} | | INVALID_CONFIG /nodes/0/data/config",
                "{'id':'g','type':'loop'} | | INVALID_CONFIG /nodes/0/data/config",
                "{'id':'g','type':'loop','data':{'config':{'while':'true','until':'true'}}} | | INVALID_CONFIG /nodes/0/data/config",
                "{'id':'g','type':'loop','data':{'config':{'until':'item'}}} | | INVALID_EXPRESSION /nodes/0/data/config/until",
                "{'id':'g','type':'forEach','data':{'config':{'items':'index'}}} | | INVALID_EXPRESSION /nodes/0/data/config/items",
                "{'id':'g','type':'scope'},{'id':'t','type':'trigger.manual','parentId':'g'} | | UNREACHABLE /nodes/0, TRIGGER_NOT_FIRST /nodes/1/parentId",
                "{'id':'n','type':'note','data':{'text':'hi'}},{'id':'a','type':'work'} | | ``",
                "{'id':'c','type':'condition','data':{'disabled':true,'config':{'when':'true'}}} | | DISABLED_BRANCH /nodes/0/data/disabled",
            })
    void reportsWhatIsWrongWhereItStands(String nodes, String edges, String expected) {
        String found = String.join(
                ", ",
                validate(nodes, edges).stream()
                        .map(problem -> problem.code() + " " + problem.pointer())
                        .toList());
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':'w','nodes':[{'id':'a','type':'work'}],'edges':[]} | UNSUPPORTED_FORMAT /format",
                "{'format':2,'id':'w','nodes':[{'id':'a','type':'work'}],'edges':[]} | UNSUPPORTED_FORMAT /format",
                "{'format':1,'nodes':[{'id':'a','type':'work'}],'edges':[]} | MISSING_FIELD /id",
                "{'format':1,'id':'w','nodes':[],'edges':[]} | NO_NODES /nodes",
                "{'format':1,'id':'w','nodes':[{'id':'a','type':'work'}],'edges':[],'variables':{'input':{}}} | INVALID_VARIABLE /variables/input",
                "{'format':1,'id':'w','nodes':[{'id':'a','type':'work'}],'edges':[],'variables':{'x':{'type':'integer','default':'1'}}} | INVALID_VARIABLE /variables/x/default",
                "{'format':1,'id':'w','nodes':[{'id':'a','type':'work'}],'edges':[],'variables':{'x':{'type':'int'}}} | WRONG_TYPE /variables/x/type",
                "{'format':1,'id':'w','nodes':[{'id':'a','type':'work'}],'edges':[],'input':{'type':'objekt'}} | INVALID_SCHEMA /input",
                "{'format':1,'id':'w','nodes':[{'id':'a','type':'work'}],'edges':[],'output':'{{nodes.b.output}}'} | INVALID_EXPRESSION /output",
                "{'format':1,'id':'w','nodes':[{'id':'a','type':'work'}],'edges':[],'settings':{'timeout':'-5s','limit':3,'paralel':1}} | UNKNOWN_KEY /settings/paralel, WRONG_TYPE /settings/timeout",
            })
    void reportsWhatIsWrongWithTheWhole(String json, String expected) {
        assertThat(String.join(
                        ", ",
                        validate(json.replace('\'', '"')).stream()
                                .map(problem -> problem.code() + " " + problem.pointer())
                                .toList()))
                .isEqualTo(expected);
    }

    @Test
    void everythingIsReportedAtOnceWithHints() {
        List<Problem> problems = validate(
                "{'id':'a','type':'conditoin'},{'id':'l','type':'action.log','data':{'config':{'message':'{{sise(input)}}'}}}",
                "a>zz");
        assertThat(problems)
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem.message()).isNotBlank());
        assertThat(problems).anySatisfy(problem -> assertThat(problem.hint()).contains("did you mean 'condition'?"));
        assertThat(problems).anySatisfy(problem -> assertThat(problem.hint()).contains("did you mean 'size'?"));
    }

    @Test
    void aCycleIsNamedWithItsPath() {
        List<Problem> problems = validate(
                "{'id':'s','type':'work'},{'id':'a','type':'work'},{'id':'b','type':'work'},{'id':'c','type':'work'}",
                "s>a a>b b>c c>a");
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.CYCLE);
            assertThat(problem.message()).contains("→");
        });
    }

    @Test
    void aLongCycleAndALongChainNeedNoStack() {
        StringBuilder nodes = new StringBuilder();
        StringBuilder edges = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            nodes.append(i == 0 ? "" : ",").append("{'id':'n").append(i).append("','type':'work'}");
            edges.append("n").append(i).append(">n").append((i + 1) % 5_000).append(' ');
        }
        assertThat(validate(nodes.toString(), edges.toString()))
                .extracting(Problem::code)
                .containsExactly(ProblemCode.CYCLE);
    }

    @Test
    void problemsOfUnusedGroupsOfHandlesAreCounted() {
        StringBuilder cases = new StringBuilder();
        for (int i = 0; i < 70; i++) {
            cases.append(i == 0 ? "" : ",").append("{'handle':'h").append(i).append("','when':'true'}");
        }
        assertThat(validate("{'id':'s','type':'switch','data':{'config':{'cases':[" + cases + "]}}}", ""))
                .extracting(Problem::code)
                .containsExactly(ProblemCode.TOO_MANY_HANDLES);
    }
}
