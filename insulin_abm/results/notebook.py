"""Results as a notebook shows them: title, picture, summary, and what went wrong."""

from __future__ import annotations

import base64
import io
from html import escape

from insulin_abm.results.names import NOTE
from insulin_abm.results.results import Results

WIDTH = "900px"


def shown_in_notebook(results: Results) -> str:
    """Give HTML that holds everything, with no address in it."""
    parts = [f"<b>{escape(results.name)}</b>: {escape(str(results.folder))}"]
    parts += [f"<div>{escape(problem)}</div>" for problem in results.told_problems()]
    parts.append(
        f'<img style="max-width: {WIDTH}; width: 100%" alt="{escape(results.name)}" src="{_picture(results)}">'
    )
    if not results.of_dish:
        parts.append(results.summary.dropna().rename(results.name).to_frame().to_html(float_format="{:.4g}".format))
    return "\n".join([*parts, f"<div>{escape(NOTE)}</div>"])


def _picture(results: Results) -> str:
    file = io.BytesIO()
    results.plot().savefig(file, format="png")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
