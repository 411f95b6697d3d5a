/** Makes connectors of OpenAPI documents, versions 3.0 and 3.1. */
@NullMarked
package io.automationhub.connectors.openapi;

import org.jspecify.annotations.NullMarked;
