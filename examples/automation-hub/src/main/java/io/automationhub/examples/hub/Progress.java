package io.automationhub.examples.hub;

import io.automationhub.engine.event.EngineListener;
import io.automationhub.engine.event.ExecutionEvent;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.NodeStatus;
import java.io.PrintWriter;
import java.util.List;

/** Says on standard error what a run does, for a person who watches it. */
final class Progress implements EngineListener {

    private final PrintWriter err;

    Progress(PrintWriter err) {
        this.err = err;
    }

    /** Whether a person watches: standard input and output are a terminal. */
    @SuppressWarnings("SystemConsoleNull") // Java 17 has no console without a terminal.
    static boolean isWanted() {
        return System.console() != null && System.getenv("TERM") != null && isTerminal();
    }

    /** From Java 22 on there is a console without a terminal, too; it says so itself. */
    private static boolean isTerminal() {
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    @Override
    public void onEvents(List<ExecutionEvent> events) {
        for (ExecutionEvent event : events) {
            say(event.fact());
        }
    }

    private void say(ExecutionFact fact) {
        if (fact instanceof ExecutionFact.AttemptStarted started) {
            err.println(
                    "  … " + started.node() + (started.attempt() > 1 ? " (attempt " + started.attempt() + ")" : ""));
        } else if (fact instanceof ExecutionFact.AttemptFailed failed) {
            err.println("  ↻ " + failed.node() + ": " + failed.error().message() + "; again at " + failed.retryAt());
        } else if (fact instanceof ExecutionFact.NodeSuspended waiting) {
            err.println("  ⏸ " + waiting.node() + (waiting.wakeAt() == null ? "" : " until " + waiting.wakeAt()));
        } else if (fact instanceof ExecutionFact.NodeEnded ended && ended.status() != NodeStatus.SKIPPED) {
            err.println((ended.status() == NodeStatus.SUCCEEDED ? "  ✓ " : "  ✗ ") + ended.node());
        }
    }
}
