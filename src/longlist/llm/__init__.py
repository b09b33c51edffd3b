"""One seam to language models: a prompt and the type of its answer."""
