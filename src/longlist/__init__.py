"""Longlist finds companies: from one sentence to a graded, proven longlist."""

__version__ = "0.1.0"
