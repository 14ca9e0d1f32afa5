"""Patches: the closed form of the minute, and whole particles that enter, leave and hop."""

import numpy as np
import pytest
from bodies import keeping, unsettled
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from insulin_abm.scenario import Scenario
from insulin_abm.tissue.anatomy import neighbours
from insulin_abm.tissue.patch import Patch, mean_of_minute
from insulin_abm.tissue.tissue import Tissue

SHEET = 51
MINUTES = 24
FAT = 1
"""Row of the tissue fat."""


@settings(max_examples=150, deadline=None)
@given(st.floats(0.0, 1e5), st.floats(0.0, 1e5), st.floats(1e-3, 15.0))
def test_the_closed_form_is_the_mean_of_the_differential_equation(before, gain, removal):
    """x' = gain - removal x, averaged over the minute by quadrature of its numerical solution."""
    solution = solve_ivp(
        lambda t, x: gain - removal * x, (0.0, 1.0), [before], dense_output=True, rtol=1e-9, atol=1e-9, method="LSODA"
    )
    mean = quad(lambda t: float(solution.sol(t)[0]), 0.0, 1.0, epsrel=1e-9, limit=200)[0]
    assert mean_of_minute(before, gain, removal) == pytest.approx(mean, rel=1e-5, abs=1e-6)


def test_the_closed_form_stays_at_its_level():
    assert mean_of_minute(50.0, 5.0, 0.1) == pytest.approx(50.0, rel=1e-12)


@pytest.mark.parametrize("patches", [1, 2, 3, 4, 7, 12, 25, 26, 100])
def test_neighbours_are_mutual_and_stay_in_their_tissue(patches):
    first = 10
    found = neighbours(patches, first)
    here = np.arange(patches) + first
    for way, back in (("east", "west"), ("north", "south")):
        there, returned = found[way], found[back]
        assert there.min() >= first
        assert there.max() < first + patches
        moved = there != here
        assert np.array_equal(returned[there[moved] - first], here[moved])
    links = sum(int((found[way] != here).sum()) for way in found)
    width = int(np.ceil(np.sqrt(patches)))
    rows, rest = divmod(patches, width)
    across = rows * (width - 1) + max(rest - 1, 0)
    down = max(rows - 1, 0) * width + (rest if rows else 0)
    assert links == 2 * (across + down)


def test_no_particle_crosses_to_another_tissue(few):
    patches = few.populations[Patch]
    for way in ("east", "west", "north", "south"):
        assert np.array_equal(patches.place[patches.columns[way]], patches.place)


# ---- hops


def hop(body, minute):
    """Let particles hop, and do nothing else: nothing enters, leaves or is taken."""
    columns = body.populations[Patch].columns
    told = ("entered", "left", "taken", "released", "leaving", "bound", "set_free")
    for kind in ("glucose", "insulin"):
        for name in told:
            if f"{kind}_{name}" in columns:
                columns[f"{kind}_{name}"][:] = 0
    for phase in body.minute.phases:
        if phase.name in ("patches settle", "particles hop"):
            body.minute.live_phase(body, phase, minute)


@pytest.fixture(scope="module")
def sheet(compiled):
    """One tissue of 51 times 51 patches, empty but for what is put into it."""
    body = keeping(unsettled({"muscle": 1, "fat": 2 * SHEET * SHEET, "liver": 1, "beta": 1, "alpha": 1}))
    columns = body.populations[Patch].columns
    first = body.populations[Tissue].row_of(body.tissue("fat"))
    assert first == FAT
    assert (body.populations[Patch].place == first).sum() == SHEET * SHEET
    columns["glucose"][:] = 0
    columns["insulin"][:] = 0
    return body


@pytest.mark.parametrize("kind", ["glucose", "insulin"])
def test_mean_square_displacement_is_four_times_diffusion_times_time(sheet, kind):
    """A million particles from the middle patch, before the first reaches an edge; and they drift nowhere."""
    body = sheet.fork()
    number = 1_000_000
    rows = np.flatnonzero(body.populations[Patch].place == FAT)
    columns = body.populations[Patch].columns
    columns[kind][rows[SHEET * SHEET // 2]] = number
    y, x = np.divmod(np.arange(SHEET * SHEET), SHEET)
    for minute in range(1, MINUTES + 1):
        hop(body, minute)
    there = columns[kind][rows]
    assert there.sum() == number
    assert columns[kind].sum() == number
    assert there.min() >= 0
    spacing = body.parameters.site("tissue")["patch_spacing"]
    diffusion = body.parameters.site("tissue")[f"{kind}_diffusion"] * 60.0
    middle = SHEET // 2
    along = [float((there * (axis - middle)).sum()) / number * spacing for axis in (x, y)]
    squared = float((there * ((x - middle) ** 2 + (y - middle) ** 2)).sum()) / number * spacing**2
    assert squared == pytest.approx(4.0 * diffusion * MINUTES, rel=0.01)
    for drift in along:
        assert abs(drift) < 0.02 * np.sqrt(squared)


@pytest.mark.parametrize("kind", ["glucose", "insulin"])
def test_hops_lose_nothing_at_the_edges(compiled, kind):
    """Small, half-filled sheets: particles that would leave stay where they are."""
    body = keeping(unsettled())
    columns, place = body.populations[Patch].columns, body.populations[Patch].place
    random = np.random.default_rng(5)
    columns[kind][:] = random.integers(0, 3000, len(place))
    before = np.bincount(place, columns[kind], len(body.anatomy))
    for minute in range(1, 61):
        hop(body, minute)
        assert np.array_equal(np.bincount(place, columns[kind], len(body.anatomy)), before), f"minute {minute}"
    assert columns[kind].min() >= 0


def test_what_is_even_stays_even(sheet):
    """Hops do not pile particles up anywhere, not even at edges: 400 minutes, each patch within 6 standard errors."""
    body = sheet.fork()
    rows = body.populations[Patch].place == FAT
    columns = body.populations[Patch].columns
    columns["glucose"][rows] = 10_000
    total = np.zeros(rows.sum())
    for minute in range(1, 401):
        hop(body, minute)
        total += columns["glucose"][rows]
    mean = (total / 400).reshape(SHEET, SHEET)
    for edge in (mean[0], mean[-1], mean[:, 0], mean[:, -1], mean[1:-1, 1:-1]):
        assert edge.mean() == pytest.approx(10_000, rel=0.005)


# ---- capillaries


def test_insulin_around_cells_comes_out_as_measured(settled_healthy):
    """Ratio to plasma of the fasting person: muscle 0.43 to 0.47 (Sjostrand 1999), fat about 0.56 (Jansson 1993)."""
    body = settled_healthy.fork()
    ratios = {"muscle": [], "fat": []}
    for _ in range(60):
        body.run_for(1)
        patches = body.populations[Patch]
        for row, name in enumerate(body.anatomy):
            if name in ratios:
                around = 1000.0 * patches.columns["local_insulin"][patches.place == row].mean()
                ratios[name].append(around / body.blood.plasma_insulin)
    muscle, fat = np.mean(ratios["muscle"]), np.mean(ratios["fat"])
    assert 0.43 <= muscle <= 0.47, f"muscle {muscle:.3f}"
    assert 0.53 <= fat <= 0.59, f"fat {fat:.3f}"


def test_the_liver_takes_its_share_at_the_first_pass():
    """Of insulin that flows in, 0.4 to 0.6 stays in the liver of a fasting person."""
    body = Scenario.load("healthy_day").body(seed=1)
    body.run_until(360)
    came, left = 0, 0
    for _ in range(60):
        body.run_for(1)
        liver = body.tissue("liver")
        came += liver.insulin_in
        left += liver.insulin_out
    extraction = 1.0 - left / came
    assert 0.4 <= extraction <= 0.6, f"first-pass extraction {extraction:.3f}"


def test_glucose_around_cells_is_below_plasma_and_near_it(settled_healthy):
    body = settled_healthy.fork()
    body.run_for(30)
    patches = body.populations[Patch]
    for row, name in enumerate(body.anatomy):
        around = patches.columns["local_glucose"][patches.place == row].mean()
        if name == "liver":
            assert body.blood.plasma_glucose < around < 1.3 * body.blood.plasma_glucose
        else:
            assert 0.4 * body.blood.plasma_glucose < around <= 1.01 * body.blood.plasma_glucose
