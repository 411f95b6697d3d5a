package io.automationhub.engine.internal.schedule;

import java.time.Instant;

/** The end of a run of a workflow after which another one runs. */
public record Completion(String workflow, String execution, Instant at, boolean succeeded) {}
