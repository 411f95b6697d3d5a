/** HTTP requests of workflows beside the bare client. */
package io.automationhub.benchmarks.http;
