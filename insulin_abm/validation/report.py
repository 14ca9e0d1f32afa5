"""The scoreboard as a document: the score, what misses and why, then all facts."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from insulin_abm.parameters.targets import ASSUMED, EMERGENT, Target
from insulin_abm.results.names import NOTE
from insulin_abm.validation.score import YEARS, Score, is_due, tallies

HEAD = """# The scoreboard

Every published fact that the project knows, beside what the model gives: the mean over seeds {seeds}, one set of
numbers for everybody, people who differ in anatomy and habits alone. **{note}**

```
insulin-abm validate --out outputs/scoreboard                  # everything, a minute or two on two cores
insulin-abm validate --protocol clamp --out outputs/clamps     # one kind of experiment
```
{changed}
Only *emergent* facts count: what must come out of cells and organs. Facts of *other models* are shown beside,
*inputs* are checked to be what went in. An *assumed* band is a fifth of the value on both sides, where a paper gives
none. A fact that is not measured counts as not inside. How facts are measured: docs/receptors.md (dishes),
docs/experiments.md (people); how much of it was fitted: docs/calibration.md.

## The score

| | inside | of | measured | median distance of those, in half widths of the band |
|---|---|---|---|---|
{tallies}

{protocols}
"""


@cache
def reasons() -> dict[str, str]:
    """Give what is known of why a fact misses or is not measured, by its id or its group."""
    text = (files("insulin_abm.validation") / "reasons.toml").read_text("utf-8")
    return {str(key): str(value) for key, value in tomllib.loads(text).items()}


def reason_of(fact: Target) -> str:
    """Give why a fact misses or is not measured ("" if nobody has said so yet)."""
    return reasons().get(fact.id) or reasons().get(fact.group, "")


def scoreboard(scores: Sequence[Score], seeds: Sequence[int], changes: Mapping[str, object]) -> str:
    """Write the document.

    Parameters
    ----------
    scores : sequence of Score
        All facts, measured or not.
    seeds : sequence of int
        What was measured with.
    changes : mapping of str to object
        What was different from how the program comes.
    """
    changed = "".join(f"\nChanged: `{name}` = `{value}`.\n" for name, value in changes.items())
    head = HEAD.format(
        seeds=", ".join(map(str, seeds)),
        note=NOTE,
        changed=changed,
        tallies="\n".join(
            f"| {tally.called} | {tally.inside} ({_share(tally.inside, tally.due)}) | {tally.due} | {tally.measured} | "
            f"{tally.median_error:.2f} |"
            for tally in tallies(scores)
        ),
        protocols=_by_protocol(scores),
    )
    due = [score for score in scores if is_due(score.target)]
    years = _of_years(scores)
    parts = (
        ("Emergent facts that miss", _missing, [one for one in due if one.simulated and not one.inside]),
        ("Emergent facts that are not measured", _unmeasured, [one for one in due if not one.simulated]),
        ("Inside a published band", _table, [one for one in due if one.inside and not _is_assumed(one)]),
        ("Inside an assumed band", _table, [one for one in due if one.inside and _is_assumed(one)]),
        ("Inputs", _table, _with_role(scores, "input")),
        ("Other models", _table, _with_role(scores, "reference_model")),
        ("Facts of months and years that miss", _missing, [one for one in years if one.simulated and not one.inside]),
        ("Facts of months and years, inside", _table, [one for one in years if one.inside]),
        ("Facts of months and years that are not measured", _list, [one for one in years if not one.simulated]),
        ("Outside of what is simulated", _list, _with_role(scores, "not_simulated")),
    )
    return head + "".join(_part(title, write, some) for title, write, some in parts)


def _part(title: str, write: Callable[[Sequence[Score]], str], scores: Sequence[Score]) -> str:
    return f"\n## {title} ({len(scores)})\n\n{write(scores)}\n" if scores else ""


def _is_assumed(score: Score) -> bool:
    return score.target.spread_kind == ASSUMED


def _with_role(scores: Sequence[Score], role: str) -> list[Score]:
    return [score for score in scores if score.target.role == role and score.target.needs != YEARS]


def _of_years(scores: Sequence[Score]) -> list[Score]:
    return [score for score in scores if score.target.needs == YEARS and score.target.role == EMERGENT]


def _by_protocol(scores: Sequence[Score]) -> str:
    due: dict[str, list[Score]] = {}
    for score in scores:
        if is_due(score.target):
            due.setdefault(score.target.protocol, []).append(score)
    rows = [
        f"| {protocol.replace('_', ' ')} | {sum(score.inside for score in some)} | {len(some)} |"
        for protocol, some in due.items()
    ]
    return "\n".join(["| experiment | inside | of |", "|---|---|---|", *rows])


def _share(part: int, whole: int) -> str:
    return f"{100.0 * part / whole:.0f} %" if whole else "-"


def _number(value: float) -> str:
    return "not found" if math.isnan(value) else f"{value:.4g}"


def _fact(fact: Target) -> str:
    who = "" if fact.population in ("general", "cell_culture") else f", {fact.population.replace('_', ' ')}"
    return f"{fact.id} | {fact.quantity.replace('_', ' ')}{who}"


def _band(fact: Target) -> str:
    assumed = " (assumed)" if fact.spread_kind == ASSUMED else ""
    return f"{fact.value:.4g} | {fact.low:.4g} to {fact.high:.4g} {fact.unit}{assumed}"


def _missing(scores: Sequence[Score]) -> str:
    head = "| | what | model | published | band | why |\n|---|---|---|---|---|---|\n"
    rows = [
        f"| {_fact(one.target)} | {_number(one.mean)} | {_band(one.target)} | {reason_of(one.target)} |"
        for one in sorted(scores, key=lambda score: (_is_assumed(score), -score.error))
    ]
    return head + "\n".join(rows)


def _unmeasured(scores: Sequence[Score]) -> str:
    head = "| | what | published | band | why |\n|---|---|---|---|---|\n"
    return head + "\n".join(
        f"| {_fact(one.target)} | {_band(one.target)} | {reason_of(one.target)} |" for one in scores
    )


def _table(scores: Sequence[Score]) -> str:
    head = "| | what | model | published | band | inside |\n|---|---|---|---|---|---|\n"
    rows = []
    for one in scores:
        model = _number(one.mean) if one.simulated else ""
        inside = ("yes" if one.inside else "no") if one.simulated else "not measured"
        rows.append(f"| {_fact(one.target)} | {model} | {_band(one.target)} | {inside} |")
    return head + "\n".join(rows)


def _list(scores: Sequence[Score]) -> str:
    return ", ".join(one.target.id for one in scores) + "."
