package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.testkit.DocsSection;
import org.junit.jupiter.api.Test;

class TransformDocsTest {

    @Test
    void thePageHasEveryOperationWithItsExamples() {
        StringBuilder page = new StringBuilder();
        for (Operation operation : Operation.values()) {
            page.append("\n### ").append(operation.text()).append("\n\n");
            page.append(operation.description()).append("\n\n```\n");
            for (Operation.Example example : operation.examples()) {
                page.append("step  ").append(example.step()).append('\n');
                page.append("from  ").append(example.before()).append('\n');
                page.append("to    ").append(example.after()).append('\n');
            }
            page.append("```\n");
        }
        new DocsSection("transform.md", "operations").mustBe(page.append('\n').toString());
    }
}
