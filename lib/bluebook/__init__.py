"""What a notebook says: the figures of an edition, each with its bounds and where it was printed."""

from . import charts, diff, sections, show
from .checks import audit
from .edition import EditionError, open_edition
from .printed import PrintedError
from .quantity import Quantity, QuantityError
from .reading import read

__all__ = [
    "EditionError", "PrintedError", "Quantity", "QuantityError", "audit", "charts", "diff", "open_edition", "read",
    "sections", "show",
]  # fmt: skip
