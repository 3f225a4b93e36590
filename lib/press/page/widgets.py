"""Widgets of Jupyter as they stood when their notebook had run: what each says and holds, without what moves.

A notebook keeps the state of its widgets beside its cells, by the name of each model. Bars of progress are widgets.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from press.page.unshown import WIDGET
from press.tags import WIDGETS

REFERENCE = "IPY_MODEL_"  # before the name of a model in another one's state
DEEPEST = 30  # boxes in boxes
ROWS = {"HBox"}
BOXES = {"VBox", "Box", "GridBox", "Accordion", "Tab", "Stack"}
PROGRESS = {"IntProgress", "FloatProgress"}
RANGES = {"IntRangeSlider", "FloatRangeSlider", "SelectionRangeSlider"}
CHECKED = {"Checkbox", "ToggleButton", "Valid"}
CHOICES = {"Dropdown", "Select", "SelectMultiple", "RadioButtons", "ToggleButtons", "SelectionSlider"}
VALUES = {"IntSlider", "FloatSlider", "FloatLogSlider", "IntText", "FloatText", "BoundedIntText", "BoundedFloatText"}
VALUES |= {"Text", "Textarea", "Combobox", "DatePicker", "TimePicker", "ColorPicker", "Play", "TagsInput"}

Models = Mapping[str, Any]


def freeze_widgets(notebook: Any) -> Any:
    """The notebook with each widget that can be read from its state as HTML; the others stay as they are.

    A bundle keeps the widget's own type only where it had something to move, choose or press.
    """
    models = notebook.metadata.get("widgets", {}).get(WIDGETS, {}).get("state", {})
    if not models:
        return notebook
    made = copy.copy(notebook)
    made.cells = [_frozen_cell(cell, models) if cell.cell_type == "code" else cell for cell in notebook.cells]
    return made


def _frozen_cell(cell: Any, models: Models) -> Any:
    made = copy.copy(cell)
    made.outputs = [_frozen_output(output, models) for output in cell.get("outputs", ())]
    return made


def _frozen_output(output: Any, models: Models) -> Any:
    bundle = output.get("data", {})
    view = bundle.get(WIDGET)
    if not isinstance(view, Mapping) or "text/html" in bundle:
        return output
    state = _State(models)
    html = state.html(str(view.get("model_id", "")), 0)
    if not html:
        return output
    made = copy.deepcopy(output)
    made.data["text/html"] = f'<div class="widget">{html}</div>'
    if not state.has_controls:
        del made.data[WIDGET]
    return made


class _State:
    """Reads widgets from the states of their models; `has_controls` says that one of them was to be handled."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self.has_controls = False

    def html(self, name: str, depth: int) -> str:
        """A widget as HTML; "" where its model is not known, or is of no known kind."""
        model = self._models.get(name)
        if not isinstance(model, Mapping) or not isinstance(model.get("state"), Mapping) or depth > DEEPEST:
            return ""
        kind = str(model.get("model_name", "")).removesuffix("Model")
        state = model["state"]
        if kind in ROWS | BOXES:
            return self._box(kind, state, depth)
        if kind in SAYING:
            return SAYING[kind](state)
        if kind == "Output":
            return "".join(_output(one) for one in _listed(state.get("outputs")))
        held = _held(kind, state)
        if held is None:
            return ""
        self.has_controls = True
        described = escape(str(state.get("description") or ""))
        label = f"<span>{described}</span> " if described else ""
        return f"<div>{label}{held}</div>"

    def _box(self, kind: str, state: Mapping[str, Any], depth: int) -> str:
        titles = [str(title) for title in _listed(state.get("titles"))]
        shown = []
        for place, child in enumerate(_listed(state.get("children"))):
            inner = self.html(str(child).removeprefix(REFERENCE), depth + 1)
            title = titles[place] if place < len(titles) else ""
            shown.append(f"<p><strong>{escape(title)}</strong></p>{inner}" if title and inner else inner)
        inside = "".join(shown)
        return f'<div class="widget-row">{inside}</div>' if kind in ROWS and inside else inside


def _label(state: Mapping[str, Any]) -> str:
    return f"<div>{escape(str(state.get('value') or ''))}</div>"


def _own_html(state: Mapping[str, Any]) -> str:
    return f"<div>{state.get('value') or ''}</div>"


def _progress(state: Mapping[str, Any]) -> str:
    """A bar; one of unknown length, as tqdm makes for what it cannot count, is full."""
    least, most = _number(state.get("min"), 0.0), _number(state.get("max"), 100.0)
    value = _number(state.get("value"), least)
    done = (value - least) / (most - least) if most > least else 1.0
    done = min(1.0, max(0.0, done))
    described = escape(str(state.get("description") or ""))
    label = f"<span>{described}</span> " if described else ""
    return f'<div>{label}<progress max="1" value="{done:g}" aria-label="{done:.0%}">{done:.0%}</progress></div>'


SAYING: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "Label": _label,
    "HTML": _own_html,
    "HTMLMath": _own_html,
    **dict.fromkeys(PROGRESS, _progress),
}


def _held(kind: str, state: Mapping[str, Any]) -> str | None:
    """What a control was set to; None for one of no known kind."""
    if kind == "Button":
        return ""
    if kind in CHECKED:
        return "✓" if state.get("value") else "✗"
    if kind in CHOICES:
        labels = _listed(state.get("_options_labels"))
        chosen = [labels[place] for place in _listed(state.get("index")) if place in range(len(labels))]
        return _bold(", ".join(map(str, chosen)))
    if kind in RANGES:
        return _bold("–".join(_written(one) for one in _listed(state.get("value"))))
    return _bold(_written(state.get("value"))) if kind in VALUES else None


def _bold(words: str) -> str:
    return f"<strong>{escape(words)}</strong>"


def _written(value: Any) -> str:
    """A value as a reader writes it: a date of a picker is year, month from 0, and day."""
    if isinstance(value, Mapping) and {"year", "month", "date"} <= value.keys():
        return f"{value['year']}-{_number(value['month'], 0) + 1:02.0f}-{_number(value['date'], 1):02.0f}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _output(output: Any) -> str:
    """What an output area of a widget has caught."""
    if not isinstance(output, Mapping):
        return ""
    bundle = output.get("data", {})
    if isinstance(bundle, Mapping) and "text/html" in bundle:
        return _joined(bundle["text/html"])
    text = output.get("text") or (bundle.get("text/plain") if isinstance(bundle, Mapping) else "")
    return f"<pre>{escape(_joined(text))}</pre>" if text else ""


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, str | bytes | Mapping) or value is None:
        return []
    return list(value) if isinstance(value, Iterable) else [value]


def _number(value: Any, otherwise: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else otherwise
