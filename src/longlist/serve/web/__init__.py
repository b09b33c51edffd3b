"""Pages for browsers: HTML shells, the streams that keep them fresh, and what they write."""
