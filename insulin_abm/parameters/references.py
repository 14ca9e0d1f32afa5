"""Where the numbers come from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from insulin_abm.parameters.faults import Fault, Faults, unknown


@dataclass(frozen=True)
class Reference:
    """A source of numbers.

    Attributes
    ----------
    key : str
        Its name in the data files, such as ``dalla_man_2007``.
    title, authors, journal, doi, note : str
        What is known of it ("" where it is not).
    year : int
        Year of publication (0 for what is not a publication).
    """

    key: str
    title: str
    authors: str = ""
    year: int = 0
    journal: str = ""
    doi: str = ""
    note: str = ""

    @property
    def citation(self) -> str:
        """The reference as one line for a bibliography."""
        who = f"{self.authors} ({self.year}). " if self.authors else f"({self.year}) " if self.year else ""
        where = f" {self.journal}." if self.journal else ""
        doi = f" https://doi.org/{self.doi}" if self.doi else ""
        note = f" [{self.note}]" if self.note else ""
        return f"{who}{self.title}.{where}{doi}{note}"


@cache
def references() -> dict[str, Reference]:
    """Give every source, by its key.

    Raises
    ------
    Faults
        The shipped file is wrong.
    """
    text = (files("insulin_abm.parameters") / "data" / "references.toml").read_text("utf-8")
    faults = []
    known = {}
    fields = set(Reference.__dataclass_fields__) - {"key"}
    for key, table in tomllib.loads(text).items():
        faults += [unknown(f"{key}.{field}", "key", field, fields) for field in set(table) - fields]
        if not table.get("title"):
            faults.append(Fault(key, "has no title"))
        if not (table.get("journal") or table.get("note")):
            faults.append(Fault(key, "has neither a journal nor a note"))
        if not faults:
            known[key] = Reference(key=key, **table)
    if faults:
        raise Faults(faults, "references.toml")
    return known
