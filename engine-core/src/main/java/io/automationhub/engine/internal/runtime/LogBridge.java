package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.WorkflowLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Hands the lines of workflows to the host's logging, under one logger that a host can route. */
final class LogBridge {

    /** Looked up with the first line, because logging takes its time to start. */
    private static final class Host {
        static final Logger LOG = LoggerFactory.getLogger("io.automationhub.workflow");
    }

    void log(Execution execution, WorkflowLog line) {
        Level level = switch (line.level()) {
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR -> Level.ERROR;
        };
        if (Host.LOG.isEnabledForLevel(level)) {
            Host.LOG
                    .atLevel(level)
                    .log("[{} {} {}] {}", execution.workflowId(), execution.id(), line.node(), line.message());
        }
    }
}
