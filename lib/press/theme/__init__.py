"""A suite's own look: colour, logo, fonts, stylesheet, words and templates, checked before anything runs."""
