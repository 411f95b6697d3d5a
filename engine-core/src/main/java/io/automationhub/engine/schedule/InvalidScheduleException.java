package io.automationhub.engine.schedule;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.workflow.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A schedule is not in order. Nothing was kept. */
public final class InvalidScheduleException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** @param problems at least one */
    public InvalidScheduleException(String id, List<Problem> problems) {
        super("Cannot keep the schedule '" + id + "': "
                + problems.stream().map(Problem::message).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, with pointers into the rule as it stands in files. */
    public List<Problem> problems() {
        return problems;
    }
}
