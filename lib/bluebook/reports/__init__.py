"""What the notebooks show of an edition besides charts: cards, tables, sections, comparisons, districts."""
