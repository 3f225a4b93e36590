"""Quantities in pandas: a column type whose sum and mean keep their bounds, and that refuses what would drop them.

A frame's `quantity` column is a `QuantityArray` (`dtype="quantity"`). `sum` and `mean` give quantities, `min` and `max`
the one that the bounds show to be least or greatest; other statistics (`median`, `std` …) are refused in words. Empty
cells are None. A column of plain objects is none of this, and pandas takes its mean from floats: use `bluebook.mean`
or `pd.Series(quantities, dtype="quantity")`.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray, ExtensionDtype, register_extension_dtype, take

from bluebook.numbers.quantity import Quantity, QuantityError, mean, total


@register_extension_dtype
class QuantityDtype(ExtensionDtype):
    """The type of a column of quantities: `quantity`."""

    name = "quantity"
    type = Quantity
    kind = "O"
    na_value = None

    @classmethod
    def construct_array_type(cls) -> builtins.type[QuantityArray]:
        return QuantityArray


class QuantityArray(ExtensionArray):
    """Quantities, and None where there is none.

    >>> from bluebook.numbers.quantity import published
    >>> places = pd.Series([published("3个", figure="a.b"), published("约5个", figure="a.c")], dtype="quantity")
    >>> print(places.sum())
    约8个
    """

    def __init__(self, quantities: Iterable[Quantity | None]) -> None:
        listed = list(quantities)
        self._cells = np.empty(len(listed), dtype=object)
        for place, quantity in enumerate(listed):
            if _is_missing(quantity):
                continue
            if not isinstance(quantity, Quantity):
                raise TypeError(f"row {place}: found {quantity!r}, expected a quantity or None")
            self._cells[place] = quantity

    # what pandas asks of a column

    @classmethod
    def _from_sequence(cls, scalars: Iterable[Any], *, dtype: Any = None, copy: bool = False) -> Self:  # noqa: ARG003
        return cls(scalars)

    @classmethod
    def _from_factorized(cls, values: Sequence[Any], _original: ExtensionArray) -> Self:
        return cls(values)

    @property
    def dtype(self) -> QuantityDtype:
        return QuantityDtype()

    @property
    def nbytes(self) -> int:
        return int(self._cells.nbytes)

    def __len__(self) -> int:
        return len(self._cells)

    def __getitem__(self, item: Any) -> Any:
        chosen = pd.api.indexers.check_array_indexer(self, item)
        cells = self._cells[chosen]
        return type(self)(cells) if isinstance(cells, np.ndarray) else cells

    def __setitem__(self, key: Any, value: Any) -> None:
        chosen = pd.api.indexers.check_array_indexer(self, key)
        is_one = value is None or isinstance(value, Quantity) or np.isscalar(value)
        if is_one:
            (cell,) = type(self)([value])._cells
            self._cells[chosen] = cell
        else:
            self._cells[chosen] = type(self)(value)._cells

    def __eq__(self, other: object) -> Any:
        is_column = isinstance(other, QuantityArray | Sequence | np.ndarray)
        others: Any = other if is_column else [other] * len(self)
        equal = []
        for own, other_cell in zip(self, others, strict=True):
            equal.append(own is not None and own == other_cell)
        return np.array(equal, dtype=bool)

    def isna(self) -> np.ndarray:
        return np.array([quantity is None for quantity in self._cells], dtype=bool)

    def take(self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None) -> Self:
        return type(self)(take(self._cells, indices, fill_value=fill_value, allow_fill=allow_fill))

    def copy(self) -> Self:
        return type(self)(self._cells)

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[Self]) -> Self:
        return cls(quantity for array in to_concat for quantity in array)

    def _values_for_argsort(self) -> np.ndarray:
        return np.array([np.nan if q is None else float(q) for q in self._cells])

    def _values_for_factorize(self) -> tuple[np.ndarray, Any]:
        return self._cells, None

    def _formatter(self, boxed: bool = False) -> Callable[[Any], str]:  # noqa: ARG002
        return lambda quantity: "" if quantity is None else str(quantity)

    # statistics

    def _reduce(self, name: str, *, skipna: bool = True, keepdims: bool = False, **_: Any) -> Any:
        reductions: dict[str, Callable[[list[Quantity]], Quantity]] = {
            "sum": total,
            "mean": mean,
            "min": min,
            "max": max,
        }
        if name not in reductions:
            wanted = "sum, mean, min or max, or a column of plain numbers such as value, low or high"
            raise QuantityError(f"{name} of quantities would lose their bounds: expected {wanted}")
        quantities = [quantity for quantity in self._cells if quantity is not None]
        if len(quantities) < len(self) and not skipna:
            return None
        if not quantities:
            raise QuantityError(f"the {name} of no quantities: expected one or more")
        result = reductions[name](quantities)
        return type(self)([result]) if keepdims else result


def _is_missing(cell: Any) -> bool:
    is_not_a_number = isinstance(cell, float) and cell != cell
    return cell is None or cell is pd.NA or is_not_a_number
