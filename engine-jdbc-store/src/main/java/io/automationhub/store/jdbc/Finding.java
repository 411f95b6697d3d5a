package io.automationhub.store.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * Something in the tables of a store that cannot be as it is.
 *
 * @param tenant whose run it is; null if it is about no single run
 * @param execution the run's id; null if it is about no single run
 * @param problem what was found
 * @param fix what to do
 */
public record Finding(@Nullable String tenant, @Nullable String execution, String problem, String fix) {

    /** As a line for people. */
    @Override
    public String toString() {
        String where = execution == null ? "" : "Execution '" + execution + "' of tenant '" + tenant + "': ";
        return where + problem + "; " + fix;
    }
}
