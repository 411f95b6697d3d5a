package io.automationhub.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTemplateTest {

    private static final Environment ENVIRONMENT =
            new TestEnvironment(slot -> Json.parse("{\"n\": 1.50, \"o\": {\"a\": null}, \"evil\": \"{{input.n}}\"}"));

    private static final ExpressionCompiler EXPRESSIONS =
            new ExpressionCompiler(TestEnvironment.INPUT_ONLY, TestEnvironment.LIBRARY);

    private final List<ValueTemplate.Problem> problems = new ArrayList<>();

    private String render(String json, String schema) {
        ValueTemplate template =
                ValueTemplate.compile(Json.parse(json), Json.object(Json.parse(schema)), EXPRESSIONS, problems::add);
        return Json.write(template.render(ENVIRONMENT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"plain\" | \"plain\"",
                "\"{{input.n}}\" | 1.50",
                "\"{{ input.o }}\" | {\"a\":null}",
                "\"n={{input.n}}, o={{input.o}}, none={{input.x}}.\" | \"n=1.50, o={\\\"a\\\":null}, none=.\"",
                "\"{{'{{'}}\" | \"{{\"",
                "\"{{ {'a': {'b': 1}} }}\" | {\"a\":{\"b\":1}}",
                "\"{{'}}'}}x\" | \"}}x\"",
                "\"}} {x}\" | \"}} {x}\"",
                "[\"{{input.n}}\", 2, {\"k\": \"a{{input.n}}\"}] | [1.50,2,{\"k\":\"a1.50\"}]",
                "{\"{{key}}\": 1} | {\"{{key}}\":1}",
                "\"{{input.evil}}\" | \"{{input.n}}\"",
                "\"{{input.evil}} and {{input.n}}\" | \"{{input.n}} and 1.50\"",
            })
    void renders(String json, String expected) {
        assertThat(render(json, "{}")).isEqualTo(expected);
        assertThat(problems).isEmpty();
    }

    @Test
    void theSchemaSaysWhatTextIs() {
        String schema = """
                {"properties": {"l": {"x-content": "literal"}, "e": {"x-content": "expression"},
                  "all": {"x-content": "expression"}, "later": {"x-content": "expression", "x-lazy": true}}}
                """;
        String json =
                "{\"l\":\"{{input.n}}\",\"e\":\"input.n + 1\",\"all\":{\"a\":\"1 + 1\",\"b\":[\"2 + 2\"]},\"later\":\"1 / 0\"}";
        assertThat(render(json, schema)).isEqualTo("{\"l\":\"{{input.n}}\",\"e\":2.50,\"all\":{\"a\":2,\"b\":[4]}}");
    }

    @Test
    void problemsHavePointerAndColumn() {
        render("{\"a/b\": [\"ok\", \"x {{ input.n + }} y\"], \"c\": \"{{ }}\", \"d\": \"{{ open\"}", "{}");
        assertThat(problems).extracting(ValueTemplate.Problem::pointer).containsExactly("/a~1b/1", "/c", "/d");
        assertThat(problems.get(2).message()).contains("no closing '}}'");
    }

    @Test
    void partsWithoutExpressionsAreConstant() {
        ValueTemplate template =
                ValueTemplate.compile(Json.parse("{\"a\": [1, \"x\"]}"), JsonObject.EMPTY, EXPRESSIONS, problems::add);
        assertThat(template).isInstanceOf(ValueTemplate.Constant.class);
        assertThat(template.at("a", 1).render(ENVIRONMENT)).isEqualTo("x");
        assertThat(template.at("b", 7).render(ENVIRONMENT)).isNull();
    }
}
