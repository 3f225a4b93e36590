"""Numbers as they are printed: read, with their bounds, calculated with, and written again."""
