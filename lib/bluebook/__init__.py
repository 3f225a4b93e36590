"""What a notebook says: the figures of an edition, each with its bounds and where it was printed."""

from . import blocks, charts, diff, sections, show
from .checks import audit
from .edition import EditionError, open_edition
from .printed import PrintedError
from .quantity import Quantity, QuantityError, mean, total
from .reading import read

__all__ = [
    "EditionError", "PrintedError", "Quantity", "QuantityError", "audit", "blocks", "charts", "diff", "mean",
    "open_edition", "read", "sections", "show", "total",
]  # fmt: skip
