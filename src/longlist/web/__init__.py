"""Asking the web: the shared client, the page reader, what providers of search and maps have in common."""
