"""Where papermill finds the engine "press": `papermill IN OUT --engine press`."""

from press.run.engine import Engine

__all__ = ["Engine"]
