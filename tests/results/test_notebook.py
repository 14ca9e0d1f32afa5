"""Results in a notebook: a cell that ends in `results` shows them."""

import re
import subprocess
import sys

from insulin_abm import run
from insulin_abm.results.names import NOTE
from insulin_abm.scenario import Scenario

NOTEBOOK = """
from IPython.core.interactiveshell import InteractiveShell
from insulin_abm import run
from insulin_abm.scenario import Scenario

shell = InteractiveShell()
shell.push({"results": run(Scenario.from_text('title = "A <b>day</b>"\\nduration = "3 h"\\ncells = 40'))})
shown, about = shell.display_formatter.format(shell.user_ns["results"])
print(shown["text/html"])
"""


def test_a_notebook_shows_picture_and_summary_and_asks_nobody() -> None:
    """The formatter is the one of every Jupyter kernel."""
    html = subprocess.run([sys.executable, "-c", NOTEBOOK], capture_output=True, text=True, check=True).stdout
    assert html.count("<img") == 1
    assert 'src="data:image/png;base64,' in html
    assert re.search(r"<th>fasting_glucose_mmol_per_l</th>\s*<td>\d\.\d+</td>", html)
    assert NOTE in html
    assert "http" not in html.replace("data:image", "")


def test_what_went_wrong_in_a_visit_is_said_and_texts_are_no_markup() -> None:
    scenario = Scenario.from_text(
        'duration = "3 h"\ncells = 40\nvisits = [{ at = "30 min", protocols = "ogtt", name = "<i>fed</i>" }]\n'
        '[[meals]]\nat = "10 min"\nglucose_drink = "75 g"'
    )
    html = run(scenario)._repr_html_()
    assert "&lt;i&gt;fed&lt;/i&gt;" in html
    assert "<i>fed" not in html
