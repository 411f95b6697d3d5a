package io.automationhub.engine.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.internal.runtime.Scenario.Mode;
import io.automationhub.engine.testkit.DocsSection;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Makes the table and the pictures of docs/semantics.md from the tests' own names, and from the statuses. */
class SemanticsDocsTest {

    private static final List<Class<?>> TESTS = List.of(
            SemanticsTest.class,
            GroupSemanticsTest.class,
            SignalSemanticsTest.class,
            ChildSemanticsTest.class,
            CompensationSemanticsTest.class,
            ApprovalSemanticsTest.class,
            AfterwardsSemanticsTest.class,
            StartSemanticsTest.class);

    /** What other tests show: a crash after pure nodes (CrashTest), validation, and what needs a store that processes share. */
    private static final Set<Integer> ELSEWHERE = Set.of(15, 25, 36, 45);

    private static final Pattern ROW = Pattern.compile("(\\d+)(a?) (.+)");

    private record Row(int number, String letter, String text, String test, boolean crashing) {}

    private static List<Row> rows() {
        return TESTS.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()).flatMap(SemanticsDocsTest::row))
                .sorted(Comparator.comparingInt(Row::number)
                        .thenComparing(Row::letter)
                        .thenComparing(Row::text))
                .toList();
    }

    private static Stream<Row> row(Method method) {
        DisplayName name = method.getAnnotation(DisplayName.class);
        Matcher matcher = ROW.matcher(name == null ? "" : name.value());
        if (!matcher.matches()) {
            return Stream.empty();
        }
        String test = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        boolean crashing = List.of(method.getParameterTypes()).contains(Mode.class);
        return Stream.of(
                new Row(Integer.parseInt(matcher.group(1)), matcher.group(2), matcher.group(3), test, crashing));
    }

    @Test
    void theTableHasEveryRowThatATestShows() {
        StringBuilder table = new StringBuilder("| # | what holds | shown by |\n|---|---|---|\n");
        for (Row row : rows()) {
            table.append("| ")
                    .append(row.number())
                    .append(row.letter())
                    .append(" | ")
                    .append(row.text().replace("|", "\\|"))
                    .append(" | `")
                    .append(row.test())
                    .append("`")
                    .append(row.crashing() ? "" : " (plain only)")
                    .append(" |\n");
        }
        new DocsSection("semantics.md", "table").mustBe(table.toString());
    }

    @Test
    void noRowIsWithoutATest() {
        Set<Integer> shown = rows().stream().map(Row::number).collect(Collectors.toCollection(TreeSet::new));
        List<Integer> missing = IntStream.rangeClosed(1, 45)
                .boxed()
                .filter(number -> !shown.contains(number) && !ELSEWHERE.contains(number))
                .toList();
        assertThat(missing).isEmpty();
    }

    // ---------------------------------------------------------------- pictures

    /** What a node run may do next, as histories show it. */
    private static Map<NodeStatus, List<NodeStatus>> nodeSteps() {
        Map<NodeStatus, List<NodeStatus>> steps = new EnumMap<>(NodeStatus.class);
        steps.put(
                NodeStatus.RUNNING,
                List.of(NodeStatus.WAITING, NodeStatus.SUCCEEDED, NodeStatus.FAILED, NodeStatus.CANCELLED));
        steps.put(NodeStatus.WAITING, List.of(NodeStatus.RUNNING, NodeStatus.FAILED, NodeStatus.CANCELLED));
        return steps;
    }

    private static Map<ExecutionStatus, List<ExecutionStatus>> runSteps() {
        Map<ExecutionStatus, List<ExecutionStatus>> steps = new LinkedHashMap<>();
        List<ExecutionStatus> ends = Stream.of(ExecutionStatus.values())
                .filter(ExecutionStatus::isEnded)
                .toList();
        steps.put(
                ExecutionStatus.QUEUED,
                List.of(
                        ExecutionStatus.RUNNING,
                        ExecutionStatus.PAUSED,
                        ExecutionStatus.FAILED,
                        ExecutionStatus.CANCELLED));
        List<ExecutionStatus> running = new ArrayList<>(List.of(ExecutionStatus.PAUSED, ExecutionStatus.COMPENSATING));
        running.addAll(ends);
        steps.put(ExecutionStatus.RUNNING, running);
        List<ExecutionStatus> paused =
                new ArrayList<>(List.of(ExecutionStatus.RUNNING, ExecutionStatus.QUEUED, ExecutionStatus.COMPENSATING));
        paused.addAll(ends);
        steps.put(ExecutionStatus.PAUSED, paused);
        steps.put(
                ExecutionStatus.COMPENSATING,
                List.of(ExecutionStatus.PAUSED, ExecutionStatus.FAILED, ExecutionStatus.CANCELLED));
        return steps;
    }

    @Test
    void thePictureOfANodeRunHasEveryStatus() {
        StringBuilder picture = new StringBuilder("```mermaid\nstateDiagram-v2\n");
        picture.append("    [*] --> running: its edges are taken\n    [*] --> skipped: no edge is taken\n");
        nodeSteps()
                .forEach((from, next) -> next.forEach(to -> picture.append("    ")
                        .append(from.text())
                        .append(" --> ")
                        .append(to.text())
                        .append('\n')));
        for (NodeStatus status : NodeStatus.values()) {
            if (status.isEnded()) {
                picture.append("    ").append(status.text()).append(" --> [*]\n");
            }
            assertThat(picture).contains(status.text());
        }
        new DocsSection("semantics.md", "node run")
                .mustBe(picture.append("```\n").toString());
    }

    @Test
    void thePictureOfARunHasEveryStatus() {
        StringBuilder picture = new StringBuilder("```mermaid\nstateDiagram-v2\n");
        picture.append("    [*] --> running\n    [*] --> queued: behind its workflow's limit\n");
        runSteps()
                .forEach((from, next) -> next.forEach(to -> picture.append("    ")
                        .append(from.text())
                        .append(" --> ")
                        .append(to.text())
                        .append('\n')));
        for (ExecutionStatus status : ExecutionStatus.values()) {
            if (status.isEnded()) {
                picture.append("    ").append(status.text()).append(" --> [*]\n");
            }
            assertThat(picture).contains(status.text());
        }
        new DocsSection("semantics.md", "run").mustBe(picture.append("```\n").toString());
    }
}
