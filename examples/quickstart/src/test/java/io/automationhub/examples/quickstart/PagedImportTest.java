package io.automationhub.examples.quickstart;

import static io.automationhub.engine.testkit.RunAssert.assertThat;

import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestEngineExtension;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a workflow is tested that comes from a file: loops and retries included, without waiting for them. */
@ExtendWith(TestEngineExtension.class)
class PagedImportTest {

    private static final Path FILES = Path.of("../workflows");
    private static final Workflow WORKFLOW = WorkflowJson.read(FILES.resolve("paged-import.json"));

    private static Object json(String file) throws IOException {
        return Json.parse(Files.readString(FILES.resolve(file)));
    }

    @Test
    void allPagesAreImported(TestEngine engine) throws IOException {
        TestRun run =
                engine.start(WORKFLOW, json("paged-import.two.input.json")).untilEnd();
        assertThat(run).succeeded().hasOutput(json("paged-import.two.expected.json"));
    }
}
