"""The doors: command line, HTTP API, web UI. Each calls `engine.service` and translates."""
