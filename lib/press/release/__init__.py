"""How a built site becomes a release that readers see, and how another takes its place."""
