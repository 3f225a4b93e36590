"""What a notebook says: the figures of an edition, each with its bounds and where it was printed."""

from . import charts, diff, sections, show
from .checks import audit
from .edition import EditionError, open_edition
from .quantity import Quantity, QuantityError

__all__ = ["EditionError", "Quantity", "QuantityError", "audit", "charts", "diff", "open_edition", "sections", "show"]
