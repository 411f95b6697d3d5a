package io.automationhub.engine.workflow;

import io.automationhub.engine.testkit.DocsSection;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ProblemCodeDocsTest {

    @Test
    void theTableHasEveryCodeWithItsSeverity() {
        StringBuilder table = new StringBuilder("| code | severity | meaning |\n|---|---|---|\n");
        for (ProblemCode code : ProblemCode.values()) {
            table.append("| `")
                    .append(code)
                    .append("` | ")
                    .append(code.severity().name().toLowerCase(Locale.ROOT))
                    .append(" | ")
                    .append(code.meaning())
                    .append(" |\n");
        }
        new DocsSection("workflow-file.md", "problem codes").mustBe(table.toString());
    }
}
