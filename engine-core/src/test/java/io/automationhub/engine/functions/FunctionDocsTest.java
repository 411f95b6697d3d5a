package io.automationhub.engine.functions;

import io.automationhub.engine.expression.ExpressionFunction;
import io.automationhub.engine.testkit.DocsSection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FunctionDocsTest {

    @Test
    void thePageHasEveryFunctionWithItsExamples() {
        Map<String, List<ExpressionFunction>> groups = StandardFunctions.library().functions().stream()
                .collect(Collectors.groupingBy(ExpressionFunction::namespace, TreeMap::new, Collectors.toList()));
        StringBuilder page = new StringBuilder();
        groups.forEach((namespace, functions) -> {
            page.append("\n## ")
                    .append(namespace)
                    .append("\n\n| function | gives | what it does | for example |\n|---|---|---|---|\n");
            functions.forEach(function -> page.append(row(function)));
        });
        new DocsSection("functions.md", "functions").mustBe(page.append('\n').toString());
    }

    private static String row(ExpressionFunction function) {
        String examples = function.examples().stream()
                .map(example -> code(example.expression() + " → " + example.value()))
                .collect(Collectors.joining("<br>"));
        return "| " + code(function.signature()) + " | " + function.result().text() + " | "
                + function.description().replace("|", "\\|") + choices(function) + " | " + examples + " |\n";
    }

    private static String choices(ExpressionFunction function) {
        return function.parameters().stream()
                .filter(parameter -> !parameter.choices().isEmpty())
                .map(parameter -> " " + parameter.name() + ": " + String.join(", ", parameter.choices()) + ".")
                .collect(Collectors.joining());
    }

    private static String code(String text) {
        return "`" + text.replace("|", "\\|") + "`";
    }
}
