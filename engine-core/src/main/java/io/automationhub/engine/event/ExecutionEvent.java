package io.automationhub.engine.event;

/**
 * A fact, and the run in which it happened.
 *
 * @param sequence counts the facts of one run from 0, so that a listener can order and resume
 */
public record ExecutionEvent(String tenant, String workflow, String executionId, long sequence, ExecutionFact fact) {}
