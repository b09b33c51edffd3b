"""What every step shares about language: words, numbers, places, names, domains. Pure functions over text."""
