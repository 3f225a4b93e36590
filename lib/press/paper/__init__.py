"""How pages become PDF: one Chromium, the fonts a page needs, and the bound book."""
