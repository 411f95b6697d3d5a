/** The chat models of LangChain4j as providers. Needs langchain4j-core, which is optional. */
@NullMarked
package io.automationhub.ai.langchain4j;

import org.jspecify.annotations.NullMarked;
