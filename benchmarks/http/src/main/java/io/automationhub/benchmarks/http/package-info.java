/** HTTP requests and questions to models by workflows, beside the bare client and LangChain4j. */
package io.automationhub.benchmarks.http;
