"""Settings -> parts: the only place that picks implementations. `planning` and `reading` are light, `home` has it all."""
