"""Write the table of state variables into docs/ODD.md, from the columns that the classes declare.

python docs/state_table.py
"""

from __future__ import annotations

from pathlib import Path

from insulin_abm.engine.agents import RowAgent
from insulin_abm.making import CELL_CLASSES, ORGANS
from insulin_abm.organs.blood import Blood
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue

ODD = Path(__file__).parent / "ODD.md"
BEGIN, END = "<!-- state table: made by docs/state_table.py -->", "<!-- end of the state table -->"


def kind_of(column) -> str:
    """What the column is for: seen, told, passing within a minute, counted, or the agent's own state."""
    if column.sees:
        return f"seen: `{column.sees}`"
    if column.counts:
        return "counted"
    passes = "passes, " if column.passing else ""
    if column.adds_to:
        return f"{passes}told: `{column.adds_to}`"
    if passes:
        return "passes"
    return f"relaxes over `{column.slow}`" if column.slow else "state"


def table_of(cls: type[RowAgent]) -> str:
    """The columns of one class as a Markdown table."""
    place = f", lives in `{cls.lives_in.__name__}`" if cls.lives_in else ""
    lines = [f"#### `{cls.__name__}`{place}", "", cls.__doc__.splitlines()[0], ""]
    lines += ["| column | unit | stored as | start | role | meaning |", "|---|---|---|---|---|---|"]
    for name, column in cls.columns.items():
        lines.append(
            f"| `{name}` | {column.unit} | {column.dtype} | {column.default:g} | {kind_of(column)} | {column.meaning} |"
        )
    return "\n".join([*lines, ""])


def state_table() -> str:
    """All tables, from the cells down to the organs."""
    return "\n".join(table_of(cls) for cls in (*CELL_CLASSES.values(), Patch, Tissue, Blood, *ORGANS))


def with_state_table(text: str) -> str:
    """Put the tables between the two marks of the document."""
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n\n{state_table()}\n{END}{after}"


if __name__ == "__main__":
    ODD.write_text(with_state_table(ODD.read_text("utf-8")), "utf-8")
