"""The step that fills tables: Column × Row → Cell. Knows no store and no door."""
