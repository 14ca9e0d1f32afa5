"""A dish: the cells of the body in medium that follows a schedule, and what insulin does to them there."""

import numpy as np
import pytest
from bodies import columns_of, differences, keeping
from dishes import DAY, HOUR, KINDS, MAXIMAL, NO_INSULIN, dish, of_cells, total

from insulin_abm.assays import binding, means, response
from insulin_abm.cells.fat import FatCell
from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.engine.chance import chance_of_agent, chance_of_minute
from insulin_abm.engine.columns import column
from insulin_abm.engine.minute import BLOCKS_WORTH_THREADS, parameters_of
from insulin_abm.engine.snapshot import SnapshotError
from insulin_abm.kinetics import scatchard
from insulin_abm.medium import Medium
from insulin_abm.stepped import LedgerError
from insulin_abm.tissue.patch import Patch

DOSES = (300.0, 1000.0, 3000.0, 10_000.0, 30_000.0)


# ---- the model


def test_its_cells_are_those_of_the_body_and_agents_of_mesa(compiled):
    fat = dish("fat")
    cells = fat.agents_by_type[FatCell]
    assert len(cells) == 60
    assert cells.agg("surface_receptors", np.mean) > 1e5
    cell = cells[7]
    fat.change_medium(insulin=1000.0)
    fat.run_for(1)
    assert cell.local_insulin == 1.0
    assert cell.local_glucose == NO_INSULIN.glucose
    cell.remove()
    fat.run_for(1)
    assert len(cells) == 59


def test_rules_of_patches_are_the_same_in_python(compiled):
    """A minute of the two rules that only dishes have: agent by agent in Python, and compiled, to the bit."""
    fat = keeping(dish("fat", changes={}, cells=20))
    fat.change_medium(insulin=400.0)
    fat.run_for(3)
    twin = keeping(fat.fork())
    fat.run_for(1)
    for phase in twin.minute.phases:
        if getattr(phase, "rule", "") in ("bathe", "answer_medium"):
            parameters = parameters_of(Patch, twin.records[Patch])
            with np.errstate(over="ignore"):
                chance = chance_of_minute(twin.seed, int(fat.time))
                for patch in twin.populations[Patch]:
                    getattr(patch, phase.rule)(parameters, chance_of_agent(chance, patch.unique_id))
        else:
            twin.minute.live_phase(twin, phase, int(fat.time))
    assert differences(fat, twin) == []


def test_a_cell_class_of_plain_python_lives_in_it_to_the_bit(compiled):
    """Its rule called as the method that it is gives what the compiled one gives."""

    class Spelled(MuscleCell):
        def live_a_minute(self, p, chance):
            MuscleCell.live_a_minute(self, p, chance)

    muscle, plain = dish("muscle", cells=12), dish("muscle", cells=12)
    state = plain.populations[MuscleCell]
    kept = {name: np.array(state.columns[name]) for name in MuscleCell.columns if name not in state.spared}
    place, ids = np.array(state.place), np.array(state.ids)
    state.remove_rows(np.arange(12))
    spelled = plain.population(Spelled)
    spelled.create(12, place=place, **{name: values for name, values in kept.items() if name in spelled.columns})
    spelled._ids[:12] = ids  # the same draws: chance is a hash of the id
    for one in (muscle, plain):
        one.change_medium(insulin=900.0)
        one.run_for(20)
    for name in ("surface_receptors", "bound_receptors", "signal", "recent_signal", "surface_glut4", "glucose_taken"):
        assert spelled.columns[name].tolist() == of_cells(muscle, name).tolist(), name


def test_any_number_of_threads_and_any_chunks_give_the_same_bytes(compiled):
    saved = set()
    for threads, chunk in ((1, 60), (2, 60), (4, 7), (1, 13)):
        many = dish("muscle", cells=9000, threads=threads, settle=False)
        many.schedule("change_medium", at=5, insulin=2000.0)
        many.schedule("change_medium", at=30, insulin=0.0)
        while many.time < HOUR:
            many.run_for(min(chunk, HOUR - many.time))
        assert many.minute.blocks.number > BLOCKS_WORTH_THREADS
        saved.add(many.save())
    assert len(saved) == 1


def test_a_fork_and_a_restored_dish_go_on_as_the_dish_does(compiled):
    one = dish("liver")
    one.schedule("change_medium", at=30, insulin=500.0)
    one.schedule("change_medium", at=60, insulin=0.0, every=30)
    one.run_for(20)
    fork, restored = one.fork(), dish("liver", settle=False)
    restored.restore(one.save())
    for each in (one, fork, restored):
        each.run_for(70)
    assert differences(one, fork) == differences(one, restored) == []
    with pytest.raises(SnapshotError, match="another dish"):
        dish("liver", cells=61, settle=False).restore(one.save())


def test_a_test_dose_leaves_the_dish_as_it_was(compiled):
    one = dish("fat")
    one.schedule("change_medium", at=90, insulin=100.0)
    before = columns_of(one)
    response(one, MAXIMAL, HOUR)
    binding(one, MAXIMAL, HOUR)
    assert one.time == 0
    assert len(one.events) == 1
    after = columns_of(one)
    assert all(np.array_equal(before[cls][name], after[cls][name]) for cls in before for name in before[cls])


def test_on_ice_nothing_moves_also_in_a_copy_of_the_copy(compiled):
    warm = dish("fat")
    cold = warm.in_the_cold().fork()
    for one in (warm, cold):
        one.change_medium(insulin=MAXIMAL)
        one.run_for(2 * HOUR)
    assert np.array_equal(of_cells(cold, "internal_receptors"), of_cells(dish("fat"), "internal_receptors"))
    assert total(cold) == total(dish("fat"))
    assert means(warm)["internal_receptors"] > 2.0 * means(cold)["internal_receptors"]


def test_a_rule_that_loses_receptors_is_caught(compiled):
    class Leaky(FatCell):
        leaks = column(0.0, "1", "nothing")

        def live_a_minute(self, p, chance):
            FatCell.live_a_minute(self, p, chance)
            self.surface_receptors -= 1

    leaky = dish("fat", cells=10)
    leaky.population(Leaky).create(1)
    with pytest.raises(LedgerError, match=r"the ledger does not close: 1 .* first in patch \d+ \(fat\)"):
        leaky.run_for(3)


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf"), "much"])
def test_an_impossible_medium_is_refused(compiled, bad):
    with pytest.raises(ValueError, match="no insulin of a medium"):
        dish("fat", settle=False).change_medium(insulin=bad)


def test_patches_of_a_dish_are_fixed(compiled):
    one = dish("fat", settle=False)
    one.populations[Patch].create(1, place=0)
    with pytest.raises(ValueError, match="the patches of a dish"):
        one.run_for(1)


# ---- balance


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("insulin", [0.0, 60.0, 1000.0, MAXIMAL])
def test_cells_begin_in_balance_with_their_medium(compiled, kind, insulin):
    """Three days in the first medium change receptors by less than 1 % (the noise of 60 cells is below 0.1 %)."""
    still = dish(kind, medium=Medium(insulin, 5.0, 0.3))
    before = means(still)
    still.run_for(3 * DAY)
    after = means(still)
    for name in ("total_receptors", "surface_receptors"):
        assert after[name] == pytest.approx(before[name], rel=0.01), name


# ---- what insulin does


def test_in_the_cold_sites_are_lost_and_affinity_is_not(compiled):
    """Heaton and Gelehrter 1981: fewer sites, the same constant; both are what the cells have."""
    exposed = dish("htc", cells=120)
    naive = scatchard(DOSES, [binding(exposed, dose, 16 * HOUR)["bound_receptors"] for dose in DOSES])
    surface = means(exposed)["surface_receptors"]
    exposed.change_medium(insulin=MAXIMAL)
    exposed.run_for(DAY)
    later = scatchard(DOSES, [binding(exposed, dose, 16 * HOUR)["bound_receptors"] for dose in DOSES])
    record = exposed.records[exposed.cell_class]
    affinity = 1000.0 * record["dissociation_rate"] / record["association_rate"]
    assert naive[0] == pytest.approx(affinity, rel=0.02)
    assert later[0] == pytest.approx(naive[0], rel=0.02)
    assert naive[1] == pytest.approx(surface, rel=0.02)
    assert 0.3 < later[1] / naive[1] < 0.5


def test_the_signal_overshoots_and_its_loss_is_over_long_before_receptors_are_back(compiled):
    cells = dish("htc")
    first = response(cells, MAXIMAL, 10)["suppression"]
    cells.change_medium(insulin=MAXIMAL)
    cells.run_for(3)
    early = means(cells)
    cells.run_for(16 * HOUR)
    late = means(cells)
    assert late["signal"] / early["signal"] < 0.7 * late["bound_receptors"] / early["bound_receptors"]
    cells.change_medium(insulin=0.0)
    assert response(cells, MAXIMAL, 10)["suppression"] < 0.6 * first
    cells.run_for(2 * HOUR)
    assert response(cells, MAXIMAL, 10)["suppression"] > 0.9 * first
    assert means(cells)["total_receptors"] < 0.65 * total(dish("htc")) / 60


def left_of(line, hours, changes=None, insulin=MAXIMAL):
    """Share of receptors that so many hours of insulin leave, and the largest share inside on the way."""
    cells = dish(line, changes=changes)
    start, inside = total(cells), []
    cells.change_medium(insulin=insulin)
    for _ in range(hours * 6):
        cells.run_for(10)
        inside.append(means(cells)["internal_receptors"] / means(cells)["total_receptors"])
    return total(cells) / start, max(inside)


def test_without_insulin_driven_endocytosis_nothing_moves_and_hardly_anything_is_lost(compiled):
    """As in cells whose endocytosis is blocked: what is left of down-regulation is the turn-down of production."""
    kept, inside = left_of("im9", 16, {"mechanism.insulin_driven_endocytosis": 0})
    usual, usual_inside = left_of("im9", 16)
    assert inside == pytest.approx(0.1, abs=0.015)
    assert usual_inside > 2.0 * inside
    assert usual < 0.35
    assert kept > 2.0 * usual
    without_both, _ = left_of(
        "im9", 16, {"mechanism.insulin_driven_endocytosis": 0, "mechanism.production_turn_down": 0}
    )
    assert without_both == pytest.approx(1.0, abs=0.01)


def test_without_degradation_receptors_move_inside_and_none_is_lost(compiled):
    """As with chloroquine, which holds up lysosomes: the pool inside fills, the total stays."""
    kept, inside = left_of("im9", 16, {"mechanism.receptor_loss": 0})
    assert kept == 1.0
    assert inside > 0.25


def test_without_turn_down_fewer_are_lost_and_they_return_sooner(compiled):
    """Endocytosis and degradation alone lose part of it; what they lose comes back as fast as receptors are made."""

    def back_after_a_day(changes):
        cells = dish("im9", changes=changes)
        start = total(cells)
        cells.change_medium(insulin=MAXIMAL)
        cells.run_for(2 * DAY)
        least = total(cells)
        cells.change_medium(insulin=0.0)
        cells.run_for(DAY)
        return least / start, (total(cells) - least) / (start - least)

    left, back = back_after_a_day({})
    left_without, back_without = back_after_a_day({"mechanism.production_turn_down": 0})
    assert left < 0.25 < 0.35 < left_without < 0.5
    assert back_without > back + 0.1


def test_lipolysis_needs_less_insulin_than_transport_and_that_less_than_occupancy(compiled):
    """Spare receptors by effect: half of the effect while few receptors are occupied."""
    fat = dish("fat")
    doses = np.geomspace(1.0, 1e5, 26)
    answers = [response(fat, dose, 2 * HOUR) for dose in doses]

    def half(name):
        effect = np.array([answer[name] for answer in answers])
        share = (effect - means(fat)[name]) / (effect[-1] - means(fat)[name])
        return float(np.exp(np.interp(0.5, share, np.log(doses))))

    lipolysis, transport, occupancy = (half(n) for n in ("fatty_acid_release", "glucose_uptake", "bound_receptors"))
    assert lipolysis < 0.5 * transport
    assert transport < 0.1 * occupancy


@pytest.mark.parametrize("kind", ["muscle", "liver"])
def test_fatty_acids_weaken_the_signal_within_hours_and_further_over_weeks(compiled, kind):
    """Belfort 2005 (hours); Bergman 2012 (lipid in the cell, weeks; of a liver cell it is as the person's)."""
    signals = {}
    for fatty_acid in (0.3, 0.7, 1.7):
        cells = dish(kind)
        cells.change_medium(fatty_acid=fatty_acid)
        cells.run_for(6 * HOUR)
        signals[fatty_acid] = [response(cells, 450.0, HOUR)["signal"]]
        cells.run_for(30 * DAY)
        signals[fatty_acid].append(response(cells, 450.0, HOUR)["signal"])
    early, late = np.array(list(signals.values())).T
    assert early[0] > early[1] > early[2]
    assert 0.4 < early[2] / early[0] < 0.9
    if kind == "muscle":
        assert late[2] / late[0] < 0.7 * early[2] / early[0]
    assert late[0] == pytest.approx(early[0], rel=0.02)


def test_fatty_acids_do_nothing_where_their_mechanisms_are_off(compiled):
    off = {"mechanism.fatty_acid_block": 0, "mechanism.ectopic_lipid_block": 0}
    plain, loaded = dish("muscle", changes=off), dish("muscle", changes=off)
    loaded.change_medium(fatty_acid=1.7)
    for one in (plain, loaded):
        one.run_for(DAY)
    assert response(plain, 450.0, HOUR) == response(loaded, 450.0, HOUR)


def test_insulin_all_day_costs_more_receptors_than_pulses_of_the_same_mean(compiled):
    def receptors_left(pulses):
        fat = dish("fat")
        start = total(fat)
        for hour in range(0, 48, 4):
            fat.change_medium(insulin=2000.0 if pulses else 500.0)
            fat.run_for(HOUR)
            fat.change_medium(insulin=0.0 if pulses else 500.0)
            fat.run_for(3 * HOUR)
            assert fat.time == (hour + 4) * HOUR
        return total(fat) / start

    assert receptors_left(pulses=False) < receptors_left(pulses=True) < 0.9


def test_beta_cells_answer_a_step_of_glucose_in_two_phases(compiled):
    islets = dish("human_islet", medium=Medium(0.0, 1.0, 0.3))
    basal = means(islets)["insulin_secretion"]
    islets.change_medium(glucose=15.0)
    course = []
    for _ in range(HOUR):
        islets.run_for(1)
        course.append(means(islets)["insulin_secretion"] / basal)
    assert np.argmax(course) < 5
    assert max(course[:5]) > 1.5 * course[15]
    assert course[-1] > 1.15 * course[15]


@pytest.mark.parametrize("step", [0.25, 0.5, 2.0])
def test_a_shorter_or_longer_step_gives_the_same(compiled, step):
    """Within 1 % after six hours of 1 nmol/L."""
    usual, other = dish("fat", cells=200), dish("fat", cells=200, step_min=step)
    for one in (usual, other):
        one.change_medium(insulin=1000.0)
        one.run_for(6 * HOUR)
    expected, found = means(usual), means(other)
    for name in ("total_receptors", "bound_receptors", "signal", "surface_glut4"):
        assert found[name] == pytest.approx(expected[name], rel=0.01), name
