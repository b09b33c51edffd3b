"""The doors: command line now; HTTP, web UI and MCP later. Each calls `engine.service` and translates."""
