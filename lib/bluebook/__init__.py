"""What a notebook says: the figures of an edition, each with its bounds and where it was printed."""
