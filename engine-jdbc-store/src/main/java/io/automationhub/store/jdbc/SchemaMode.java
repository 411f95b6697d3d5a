package io.automationhub.store.jdbc;

/** What a store does about its tables when it is created. */
public enum SchemaMode {
    /** Makes them, and changes those of an older version. One process does it, the others wait. */
    MIGRATE,
    /** Refuses to work if they are not those of this version. */
    VALIDATE,
    /** Looks at nothing: somebody else sees to them. */
    NONE
}
