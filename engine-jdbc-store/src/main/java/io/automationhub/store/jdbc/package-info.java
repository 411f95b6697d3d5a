/**
 * A durable store on a relational database: H2, PostgreSQL, MariaDB or MySQL.
 * {@link io.automationhub.store.jdbc.JdbcWorkflowStore} is where to begin; everything else is its own.
 */
@NullMarked
package io.automationhub.store.jdbc;

import org.jspecify.annotations.NullMarked;
