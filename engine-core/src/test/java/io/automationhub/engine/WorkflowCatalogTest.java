package io.automationhub.engine;

import static io.automationhub.engine.nodes.Nodes.callWorkflow;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.VersionConflictException;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowDiff;
import io.automationhub.engine.workflow.WorkflowJson;
import io.automationhub.engine.workflow.WorkflowVersion;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkflowCatalogTest {

    private final WorkflowEngine engine = WorkflowEngine.create();
    private final WorkflowCatalog catalog = engine.workflows();

    @AfterEach
    void close() {
        engine.close();
    }

    private static Workflow says(String text) {
        return Workflow.builder("says")
                .start(manualTrigger("start"))
                .then(format("say", text))
                .build();
    }

    private static Workflow calls(Integer version) {
        var call = callWorkflow("call", "says");
        return Workflow.builder("calls")
                .start(manualTrigger("start"))
                .then(version == null ? call : call.with("version", version))
                .build();
    }

    @Test
    void aCallGetsTheLatestVersionUnlessItNamesOne() {
        assertThat(catalog.publish(says("one")).number()).isEqualTo(1);
        assertThat(catalog.publish(says("two")).number()).isEqualTo(2);
        assertThat(engine.run(calls(null), null).output()).isEqualTo("two");
        assertThat(engine.run(calls(1), null).output()).isEqualTo("one");
    }

    @Test
    void publishingTheSameTwiceChangesNothing() {
        WorkflowVersion first = catalog.publish(says("one"));
        Workflow moved = WorkflowJson.parse(WorkflowJson.write(says("one"))
                .replace("\"id\":\"say\"", "\"id\":\"say\",\"position\":{\"x\":7,\"y\":9}"));
        assertThat(catalog.publish(moved)).isEqualTo(first);
        assertThat(catalog.publish(moved, 1)).isEqualTo(first);
        assertThat(catalog.versions("says")).hasSize(1);
    }

    @Test
    void anotherBodyUnderAPublishedVersionIsRefusedWithTheDifference() {
        catalog.publish(says("one"), 3);
        assertThatThrownBy(() -> catalog.publish(says("two"), 3))
                .isInstanceOfSatisfying(
                        VersionConflictException.class,
                        conflict -> assertThat(conflict.diff().changes())
                                .containsExactly(new WorkflowDiff.Change("/nodes/say/config/template", "one", "two")))
                .hasMessageContaining("versions never change");
        assertThat(catalog.latest("says").orElseThrow().workflow()).isEqualTo(says("one"));
        assertThat(catalog.publish(says("two")).number()).isEqualTo(4);
    }

    @Test
    void aDifferenceNamesNodesEdgesAndValuesAsTheyAreWritten() {
        Workflow before = Workflow.builder("d")
                .start(manualTrigger("start"))
                .then(node("a", "transform").with("n", 1))
                .build();
        Workflow after = Workflow.builder("d")
                .start(manualTrigger("start"))
                .then(node("a", "transform").with("n", "#1"))
                .then(format("b", "x"))
                .build();
        assertThat(WorkflowDiff.between(before, after).changes().stream().map(Object::toString))
                .containsExactly("/edges/a.out to b was added", "/nodes/a/config/n was changed", "/nodes/b was added");
        assertThat(WorkflowDiff.between(before, after).changes().get(1))
                .isEqualTo(new WorkflowDiff.Change("/nodes/a/config/n", 1L, "#1"));
        assertThat(WorkflowDiff.between(before, before).isEmpty()).isTrue();
    }

    @Test
    void aRetiredVersionIsNotCalledAnyMore() {
        catalog.publish(says("one"));
        catalog.publish(says("two"));
        assertThat(catalog.retire("says", 2)).isTrue();
        assertThat(catalog.retire("says", 2)).isFalse();
        assertThat(engine.run(calls(null), null).output()).isEqualTo("one");
        assertThat(engine.run(calls(2), null).error().orElseThrow().message())
                .contains("version 2 of the workflow 'says' is retired", "[1]");
        catalog.retire("says", 1);
        assertThat(engine.run(calls(null), null).error().orElseThrow().message())
                .contains("All versions of the workflow 'says' are retired");
        assertThat(catalog.version("says", 2).orElseThrow().retired()).isTrue();
    }

    @Test
    void whatIsNotPublishedIsNamedWithWhatIs() {
        catalog.publish(says("one"));
        Workflow wrong = Workflow.builder("calls")
                .start(manualTrigger("start"))
                .then(callWorkflow("call", "sayz"))
                .build();
        assertThat(engine.run(wrong, null).error().orElseThrow().message()).contains("'sayz'", "did you mean 'says'?");
    }

    @Test
    void whatIsNotValidIsNotPublishedButMayBeADraft() {
        Workflow broken =
                Workflow.builder("broken").start(node("a", "no.such.type")).build();
        assertThatThrownBy(() -> catalog.publish(broken)).isInstanceOf(InvalidWorkflowException.class);
        catalog.saveDraft(broken);
        assertThat(catalog.draft("broken")).contains(broken);
        assertThat(catalog.latest("broken")).isEmpty();
        assertThat(catalog.discardDraft("broken")).isTrue();
        assertThat(catalog.discardDraft("broken")).isFalse();
        assertThat(catalog.list(null, 10).items()).isEmpty();
        assertThatThrownBy(() -> catalog.saveDraft(WorkflowJson.parse("{\"nodes\": [], \"edges\": []}")))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void tenantsHaveTheirOwn() {
        WorkflowCatalog acme = engine.forTenant("acme").workflows();
        acme.publish(says("acme"));
        catalog.publish(says("default"));
        assertThat(engine.forTenant("acme").run(calls(null), null).output()).isEqualTo("acme");
        assertThat(engine.run(calls(null), null).output()).isEqualTo("default");
        acme.retire("says", 1);
        assertThat(catalog.latest("says")).isPresent();
    }

    @Test
    void theListHasPages() {
        for (String id : List.of("c", "a", "b")) {
            catalog.saveDraft(Workflow.builder(id).build());
        }
        Page<WorkflowCatalog.Entry> first = catalog.list(null, 2);
        assertThat(first.items()).extracting(WorkflowCatalog.Entry::id).containsExactly("a", "b");
        assertThat(catalog.list(first.next(), 2).items())
                .extracting(WorkflowCatalog.Entry::id)
                .containsExactly("c");
        assertThat(catalog.list("c", 2).items()).isEmpty();
    }

    @Test
    void manyPublishAtOnceWithoutSharingANumber() {
        List<CompletableFuture<WorkflowVersion>> all = IntStream.range(0, 50)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> catalog.publish(says("text " + i))))
                .toList();
        assertThat(all.stream().map(each -> each.join().number()).distinct()).hasSize(50);
    }

    @Test
    void inputThatDoesNotFitFailsTheCallNotTheCalledRun() {
        catalog.publish(Workflow.builder("says")
                .input(Map.of("type", "object", "required", List.of("n")))
                .start(manualTrigger("start"))
                .build());
        WorkflowExecution run = engine.run(calls(null), Map.of());
        assertThat(run.error().orElseThrow().kind()).isEqualTo("config");
        assertThat(run.error().orElseThrow().message()).contains("'n'");
    }
}
