/**
 * JMH benchmarks of data: W7 expressions and templates beside plain Java and four expression languages, W8 validation of a
 * large file, and transforms beside a stream.
 */
package io.automationhub.benchmarks.data;
