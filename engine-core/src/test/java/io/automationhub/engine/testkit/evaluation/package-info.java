/**
 * Evaluations: workflows and agents, whose answers are not the same each time, are run over a set of cases, scored, and reported with
 * what they cost; a build fails that gets worse.
 */
@NullMarked
package io.automationhub.engine.testkit.evaluation;

import org.jspecify.annotations.NullMarked;
