"""The table on the terminal and the file of numbers."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.timing import Spread

WIDTH = 62


class Report:
    """What was measured: every number is shown when it is known, and kept under its name.

    Of a number measured several times the median is kept under its name, and the smallest and the largest under
    `<name>_low` and `<name>_high`.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, float | str] = {}

    def head(self, title: str) -> None:
        """Begin a part of the table."""
        print(f"\n{title}", flush=True)

    def add(self, name: str, meaning: str, unit: str, value: Spread | float, scale: float = 1.0) -> None:
        """Show and keep a number; it is shown divided by `scale`."""
        if isinstance(value, Spread):
            kept = {name: value.median, f"{name}_low": value.low, f"{name}_high": value.high}
            spread = f"{_shown(value.low / scale):>9} .. {_shown(value.high / scale)}"
        else:
            kept, spread = {name: float(value)}, ""
        self.numbers |= kept
        print(f"  {meaning:{WIDTH}} {_shown(kept[name] / scale):>9} {unit:16}{spread}", flush=True)

    def say(self, name: str, meaning: str) -> None:
        """Show and keep a word instead of numbers."""
        self.numbers[name] = meaning
        print(f"  {meaning}", flush=True)

    def write(self, path: Path) -> None:
        """Write all numbers as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.numbers, indent=1) + "\n")


def _shown(value: float) -> str:
    """Three digits, and thousands apart."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
