"""The nouns. Standard library only; nothing here knows how it is stored, found or shown."""
