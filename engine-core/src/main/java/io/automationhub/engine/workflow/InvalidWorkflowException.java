package io.automationhub.engine.workflow;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import java.util.List;
import java.util.stream.Collectors;

/** A workflow, or the input of a run, cannot be used as it is. {@link #problems} has everything that is wrong at once. */
public final class InvalidWorkflowException extends NonRetriableException {

    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 5;

    private final transient List<Problem> problems;

    /**
     * @param subject what was attempted on what, such as {@code Cannot run workflow 'a'}
     * @param problems at least one
     */
    public InvalidWorkflowException(String subject, List<Problem> problems) {
        super(ExecutionError.KIND_CONFIG, message(subject, problems), null);
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, errors and warnings. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(String subject, List<Problem> problems) {
        List<Problem> errors = problems.stream().filter(Problem::isError).toList();
        String shown = errors.stream().limit(SHOWN).map(Problem::toString).collect(Collectors.joining("\n  "));
        String more = errors.size() > SHOWN ? "\n  and " + (errors.size() - SHOWN) + " more" : "";
        return subject + ", because of " + errors.size() + (errors.size() == 1 ? " problem:" : " problems:") + "\n  "
                + shown + more;
    }
}
