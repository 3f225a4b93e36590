"""How one notebook is run: its kernel, what it reads, and whether its last run still holds."""
