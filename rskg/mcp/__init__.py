"""The graph for machines that reason: tools and resources of the Model Context Protocol (MCP).

With the protocol's own Python SDK, which the extra `mcp` brings: over standard input and output
(`rskg mcp`), and over HTTP at `/mcp`. https://modelcontextprotocol.io/specification
"""
