"""A suite: which notebooks, with which parameters, in which languages, go to which pages; read from `suite.toml`.

Everything is checked before anything runs. A mistake is a `SuiteError`: one sentence that says where, what was found
and what was wanted.

    keys.py, keys.toml   every key of suite.toml: what it takes, its default, what it says
    reading.py           suite.toml found, read and checked; report_table.py, site_table.py: its larger tables
    checks.py            what its texts must be: languages, sizes, addresses, names of pages
    types.py             the suite, its reports and parameters, and the runs that are planned from it
    notebooks.py         what a notebook declares and imports
    planning.py          the runs of a suite; values.py, matrix.py, applies.py: of which values
    reference.py         docs/suite.md, written from the keys
"""

from press.errors import SuiteError, shortened
from press.suite.notebooks import imports
from press.suite.planning import front_path, is_for, plan, select
from press.suite.reading import find_suite, parse_suite, read_suite
from press.suite.types import Given, Parameter, Report, Run, Suite
from press.suite.values import dates_as_text, unfit

__all__ = [
    "Given",
    "Parameter",
    "Report",
    "Run",
    "Suite",
    "SuiteError",
    "dates_as_text",
    "find_suite",
    "front_path",
    "imports",
    "is_for",
    "parse_suite",
    "plan",
    "read_suite",
    "select",
    "shortened",
    "unfit",
]
