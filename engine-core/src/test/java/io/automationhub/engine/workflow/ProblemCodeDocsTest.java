package io.automationhub.engine.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Keeps the table of problem codes in docs/workflow-file.md in step; {@code -Dengine.testJvm=-Ddocs.write=true} writes it. */
class ProblemCodeDocsTest {

    private static final Path PAGE = Path.of("../docs/workflow-file.md");
    private static final String BEGIN = "<!-- generated: problem codes -->\n";
    private static final String END = "<!-- end -->";

    @Test
    void theTableHasEveryCodeWithItsSeverity() throws IOException {
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
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END, begin);
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, page.substring(0, begin) + table + page.substring(end));
        } else {
            assertThat(page.substring(begin, end)).isEqualTo(table.toString());
        }
    }
}
