"""How it is printed: notebooks in, pages out. Knows nothing of what the notebooks say."""

__version__ = "0.1.0"
