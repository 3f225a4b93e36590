"""Charts of quantities: one function a kind of chart, and nothing drawn without its words and its data.

Every function takes quantities, an `id` (a slug that stays) and a `title` (the finding), and returns a plotly figure in
the coordinates of its data: the measured axis holds the values in their unit, a percentage as a fraction, so that
`fig.add_vline(x=0.3)` is at 30 %. `subtitle` says what is measured, its unit, period and base; `source`, `note` and
`alt` replace what is made from the data. What cannot be drawn honestly raises `ChartError`.
"""

from bluebook.charts.bars import bars, dots
from bluebook.charts.canvas import Chart, ChartError
from bluebook.charts.forest import forest
from bluebook.charts.intervals import intervals
from bluebook.charts.items import kind
from bluebook.charts.lines import trend
from bluebook.charts.multiples import multiples
from bluebook.charts.parts import share, waffle
from bluebook.charts.strips import strips
from bluebook.charts.tiles import tiles

__all__ = [
    "Chart", "ChartError", "bars", "dots", "forest", "intervals", "kind", "multiples", "share", "strips",
    "tiles", "trend", "waffle",
]  # fmt: skip
