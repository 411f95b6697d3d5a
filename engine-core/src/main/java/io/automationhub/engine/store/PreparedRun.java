package io.automationhub.engine.store;

/**
 * A run that was checked, and begins when a store writes it: inside a transaction of the host, so that it begins if and only
 * if that is committed.
 *
 * @param process the number of the process that prepared it
 * @param beginning what is written
 */
public record PreparedRun(long process, RunCommit beginning) {

    /** The id that it gets. */
    public String id() {
        return beginning.id();
    }
}
