package io.automationhub.engine.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.store.WorkflowStore;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link WorkflowStore} does. A test of a store extends this class and says how to make an empty one. */
public abstract class WorkflowStoreContract {

    /** A store without runs. */
    protected abstract WorkflowStore store();

    /** Makes a store keep an ended run. Those that keep runs from their beginning are told of its turns instead. */
    protected void keep(WorkflowStore store, ExecutionHistory run) {
        store.ended(run);
    }

    /** An ended run that began {@code second} seconds after 2026 did. */
    protected static ExecutionHistory run(String tenant, String id, String workflow, int second, int nodes) {
        Instant start = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second);
        ExecutionStatus status = second % 2 == 0 ? ExecutionStatus.SUCCEEDED : ExecutionStatus.FAILED;
        Workflow definition = Workflow.builder(workflow).build();
        ExecutionRecord record = new ExecutionRecord(
                tenant,
                id,
                workflow,
                definition.hash(),
                status,
                null,
                "größe 😀",
                1L,
                null,
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                start,
                start,
                null,
                null,
                List.of("second:" + second));
        List<NodeExecution> runs = IntStream.range(0, nodes)
                .mapToObj(i -> new NodeExecution(
                        "n" + i,
                        "",
                        1,
                        NodeStatus.SUCCEEDED,
                        start,
                        start,
                        i,
                        null,
                        List.of("out"),
                        JsonObject.EMPTY,
                        List.of()))
                .toList();
        List<WorkflowLog> logs = List.of(new WorkflowLog(start, WorkflowLog.Level.INFO, "n0", "hello"));
        return new ExecutionHistory() {
            @Override
            public String tenant() {
                return tenant;
            }

            @Override
            public String id() {
                return id;
            }

            @Override
            public ExecutionRecord record() {
                return record;
            }

            @Override
            public Workflow workflow() {
                return definition;
            }

            @Override
            public boolean isTracked() {
                return true;
            }

            @Override
            public int nodeCount() {
                return nodes;
            }

            @Override
            public List<NodeExecution> nodes() {
                return runs;
            }

            @Override
            public List<WorkflowLog> logs() {
                return logs;
            }
        };
    }

    @Test
    void theWorkflowOfARunIsKeptWithIt() {
        WorkflowStore store = store();
        keep(store, run("a", "1", "w", 0, 1));
        assertThat(store.workflow("a", "1")).contains(Workflow.builder("w").build());
        assertThat(store.workflow("b", "1")).isEmpty();
        assertThat(store.workflow("a", "2")).isEmpty();
    }

    @Test
    void keepsARunWithItsNodesAndLogs() {
        WorkflowStore store = store();
        keep(store, run("t", "r1", "w", 1, 3));
        assertThat(store.find("t", "r1")).get().satisfies(found -> {
            assertThat(found.workflow()).isEqualTo("w");
            assertThat(found.input()).isEqualTo("größe 😀");
        });
        assertThat(store.nodes("t", "r1", null, 10).items())
                .extracting(NodeExecution::node)
                .containsExactly("n0", "n1", "n2");
        assertThat(store.logs("t", "r1")).extracting(WorkflowLog::message).containsExactly("hello");
    }

    @Test
    void knowsNothingOfWhatItWasNotGiven() {
        WorkflowStore store = store();
        assertThat(store.find("t", "none")).isEmpty();
        assertThat(store.nodes("t", "none", null, 10).items()).isEmpty();
        assertThat(store.logs("t", "none")).isEmpty();
        assertThat(store.executions(ExecutionQuery.of("t")).items()).isEmpty();
    }

    @Test
    void neverShowsARunToAnotherTenant() {
        WorkflowStore store = store();
        keep(store, run("a", "same", "w", 1, 1));
        keep(store, run("b", "same", "w", 2, 2));
        assertThat(store.nodes("a", "same", null, 10).items()).hasSize(1);
        assertThat(store.nodes("b", "same", null, 10).items()).hasSize(2);
        assertThat(store.find("c", "same")).isEmpty();
        assertThat(store.logs("c", "same")).isEmpty();
        assertThat(store.executions(ExecutionQuery.of("a")).items()).hasSize(1);
    }

    @Test
    void listsNewestFirstAndByIdWhereTheTimeIsTheSame() {
        WorkflowStore store = store();
        keep(store, run("t", "b", "w", 1, 1));
        keep(store, run("t", "c", "w", 2, 1));
        keep(store, run("t", "a", "w", 1, 1));
        assertThat(store.executions(ExecutionQuery.of("t")).items())
                .extracting(ExecutionRecord::id)
                .containsExactly("c", "b", "a");
    }

    @Test
    void filtersByWorkflowAndStatus() {
        WorkflowStore store = store();
        keep(store, run("t", "r1", "w", 1, 1));
        keep(store, run("t", "r2", "w", 2, 1));
        keep(store, run("t", "r3", "other", 4, 1));
        ExecutionQuery succeeded = ExecutionQuery.of("t").status(ExecutionStatus.SUCCEEDED);
        assertThat(store.executions(succeeded).items())
                .extracting(ExecutionRecord::id)
                .containsExactly("r3", "r2");
        assertThat(store.executions(succeeded.workflow("w")).items())
                .extracting(ExecutionRecord::id)
                .containsExactly("r2");
    }

    @Test
    void filtersByVersionTagAndTheTimeOfTheStart() {
        WorkflowStore store = store();
        keep(store, run("t", "r1", "w", 1, 1));
        keep(store, run("t", "r2", "w", 2, 1));
        keep(store, run("t", "r3", "other", 3, 1));
        ExecutionQuery all = ExecutionQuery.of("t");
        Instant second = Instant.parse("2026-01-01T00:00:02Z");
        assertThat(ids(store, all.tag("second:2"))).containsExactly("r2");
        assertThat(ids(store, all.tag("none"))).isEmpty();
        assertThat(ids(store, all.workflow("w", Workflow.builder("w").build().hash())))
                .containsExactly("r2", "r1");
        assertThat(ids(store, all.workflow("w", Workflow.builder("v").build().hash())))
                .isEmpty();
        assertThat(ids(store, all.began(second, null))).containsExactly("r3", "r2");
        assertThat(ids(store, all.began(null, second))).containsExactly("r1");
        assertThat(ids(store, all.began(second, second.plusMillis(1)))).containsExactly("r2");
        Instant end = Objects.requireNonNull(store.find("t", "r2").orElseThrow().endedAt());
        assertThat(ids(store, all.ended(end))).containsExactly("r3", "r2");
        assertThat(ids(store, all.ended(end.plus(1, ChronoUnit.MICROS)).workflow("w")))
                .isEmpty();
    }

    private static List<String> ids(WorkflowStore store, ExecutionQuery query) {
        return store.executions(query).items().stream().map(ExecutionRecord::id).toList();
    }

    @Test
    void pagesShowEveryRunOnceWhileNewOnesCome() {
        WorkflowStore store = store();
        for (int i = 0; i < 25; i++) {
            keep(store, run("t", "r" + (100 + i), "w", i / 3, 1));
        }
        Set<String> seen = new HashSet<>();
        @Nullable String cursor = null;
        int pages = 0;
        do {
            Page<ExecutionRecord> page =
                    store.executions(ExecutionQuery.of("t").limit(4).after(cursor));
            page.items()
                    .forEach(run -> assertThat(seen.add(run.id())).as(run.id()).isTrue());
            cursor = page.next();
            keep(store, run("t", "new" + pages++, "w", 1000 + pages, 1));
        } while (cursor != null);
        assertThat(seen).hasSize(25);
        assertThat(pages).isEqualTo(7);
    }

    @Test
    void nodeRunsHavePagesToo() {
        WorkflowStore store = store();
        keep(store, run("t", "r", "w", 1, 10));
        List<String> seen = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            Page<NodeExecution> page = store.nodes("t", "r", cursor, 3);
            page.items().forEach(node -> seen.add(node.node()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(seen)
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "n" + i).toList());
    }

    @Test
    void refusesCursorsThatItDidNotGive() {
        WorkflowStore store = store();
        keep(store, run("t", "r", "w", 1, 1));
        assertThatThrownBy(() -> store.executions(ExecutionQuery.of("t").after("nonsense")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no cursor of this list");
        assertThatThrownBy(() -> store.nodes("t", "r", "nonsense", 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
