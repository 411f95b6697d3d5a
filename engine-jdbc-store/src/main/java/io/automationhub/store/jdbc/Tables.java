package io.automationhub.store.jdbc;

import java.util.List;
import java.util.regex.Pattern;

/** The names of the store's tables. */
final class Tables {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,40}");

    /** The tables that have rows of runs, with the run's number in their column {@code run}. */
    static final List<String> OF_RUNS = List.of("journal", "large_value", "inbox", "open_wait", "run_tag");

    /** Stands before the name of each table: the schema and a dot, if there is one, and the prefix. */
    private final String prefix;

    private final String bare;

    /**
     * Names with a prefix.
     *
     * @param schema empty for that of the connection
     */
    Tables(String schema, String prefix) {
        if (!schema.isEmpty() && !NAME.matcher(schema).matches()) {
            throw new IllegalArgumentException(
                    "A schema is a letter and up to 40 letters, digits and underscores, found '" + schema + "'");
        }
        if (!NAME.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "A prefix of tables is a letter and up to 40 letters, digits and underscores, found '" + prefix
                            + "'");
        }
        this.bare = prefix;
        this.prefix = schema.isEmpty() ? prefix : schema + "." + prefix;
    }

    /** SQL with {@code $table} in place of names. */
    String sql(String text) {
        return text.replace("$", prefix);
    }

    /** A script, with {@code ${prefix}} in place of what stands before names. */
    String script(String text, Dialect dialect) {
        return text.replaceAll("INDEX \\$\\{prefix}", "INDEX " + bare)
                .replace("${prefix}", prefix)
                .replace("${collation}", dialect.collation());
    }

    @Override
    public String toString() {
        return prefix;
    }
}
