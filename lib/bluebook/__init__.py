"""What a notebook says: the figures of an edition, each with its bounds and where it was printed."""

from bluebook import charts
from bluebook.edition.audit import audit
from bluebook.edition.edition import EditionError, open_edition
from bluebook.numbers.printed import PrintedError
from bluebook.numbers.quantity import Quantity, QuantityError, mean, total
from bluebook.numbers.reading import read
from bluebook.reports import blocks, diff, sections, show

__version__ = "0.1.0"

__all__ = [
    "EditionError", "PrintedError", "Quantity", "QuantityError", "audit", "blocks", "charts", "diff", "mean",
    "open_edition", "read", "sections", "show", "total",
]  # fmt: skip
