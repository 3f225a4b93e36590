"""The cells of notebooks alone, in one warm process: prints the seconds for the last pass over all of them."""

import contextlib
import io
import sys
import time

import nbformat
from IPython.core.interactiveshell import InteractiveShell

notebooks = [nbformat.read(file, as_version=4) for file in sys.argv[1:]]
shell = InteractiveShell.instance()
for files in (notebooks[:1], notebooks):
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        for notebook in files:
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    found = shell.run_cell(cell.source)
                    found.raise_error()
                    shell.display_formatter.format(found.result)
    taken = time.perf_counter() - start
print(taken)
