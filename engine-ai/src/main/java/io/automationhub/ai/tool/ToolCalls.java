package io.automationhub.ai.tool;

import io.automationhub.engine.node.TimeLimit;
import io.automationhub.engine.value.JsonException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls of tools within their time. Whatever goes wrong is something that the model is told; only a cancellation ends the call
 * of its agent.
 */
public final class ToolCalls {

    private ToolCalls() {}

    /**
     * Makes a call on this thread, which is interrupted when its time is over.
     *
     * @param label says in errors whose call it is
     * @param most characters of a result; the rest is cut off, which the model is told
     * @throws CancellationException if the run was cancelled meanwhile
     */
    public static ToolOutcome make(
            String label, Duration timeout, int most, Callable<? extends @Nullable Object> does) {
        long begun = System.nanoTime();
        Object result;
        TimeLimit limit = TimeLimit.of(timeout, Thread.currentThread()::interrupt);
        try {
            result = does.call();
        } catch (Exception e) {
            // What an interrupt makes of the tool's own work may call itself a cancellation, so this comes first.
            if (limit.isOver()) {
                return outcome(
                        ToolOutcome.Status.FAILED, "The tool did not end within " + timeout.toMillis() + " ms", begun);
            }
            if (e instanceof CancellationException cancelled) {
                throw cancelled;
            }
            if (e instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
                throw cancelled(label, e);
            }
            return outcome(
                    ToolOutcome.Status.FAILED, ToolOutcome.shortened("The tool failed: " + said(e), most), begun);
        } finally {
            limit.close();
            if (limit.isOver()) {
                // Its interrupt is not one of whoever stops this thread.
                boolean unused = Thread.interrupted();
            }
        }
        try {
            return outcome(ToolOutcome.Status.ENDED, ToolOutcome.shortened(ToolOutcome.text(result), most), begun);
        } catch (JsonException e) {
            return outcome(ToolOutcome.Status.FAILED, "The tool gave something that is no value", begun);
        }
    }

    private static CancellationException cancelled(String label, Exception cause) {
        Thread.currentThread().interrupt();
        CancellationException cancelled = new CancellationException("The call of " + label + " was cancelled");
        cancelled.initCause(cause);
        return cancelled;
    }

    private static String said(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static ToolOutcome outcome(ToolOutcome.Status status, String text, long begun) {
        return new ToolOutcome(status, text, (System.nanoTime() - begun) / 1_000_000);
    }
}
