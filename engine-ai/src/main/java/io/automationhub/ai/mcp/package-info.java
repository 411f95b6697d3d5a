/**
 * The Model Context Protocol (<a href="https://modelcontextprotocol.io/specification/2025-11-25">revision 2025-11-25</a>): tools of MCP
 * servers for agents, and tools and workflows of this host for MCP clients. It needs the protocol's Java SDK, which is optional.
 */
@NullMarked
package io.automationhub.ai.mcp;

import org.jspecify.annotations.NullMarked;
