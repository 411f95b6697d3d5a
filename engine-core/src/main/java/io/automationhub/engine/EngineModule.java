package io.automationhub.engine;

/** A set of node types, listeners and settings that is installed as a whole. */
@FunctionalInterface
public interface EngineModule {

    /** Adds what the module has. Called once, when the module is installed. */
    void install(WorkflowEngine.Builder engine);
}
