"""Who removes insulin, and what reaches the cells: clearance, extraction, ratios and delays of a healthy person.

    .venv/bin/python examples/insulin_budget.py [--seed 1]

Receptors, capillaries and the degraded share are numbers of the model; what is printed comes out. Model output, not
medical advice.
"""

import argparse

import numpy as np

from insulin_abm import Scenario
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue

HEALTHY = 'duration = "1 h"\nstart = "07:00"\ninclude = "people/healthy.toml"'
HOUR, USUAL_GLUCOSE = 60, 5.0
ML_PER_L, PMOL_PER_NMOL = 1000.0, 1000.0


def around_cells(body, tissue):
    """Free insulin around the cells of a tissue, pmol/L."""
    patches = body.populations[Patch]
    here = patches.place == list(body.anatomy).index(tissue)
    return PMOL_PER_NMOL * patches.columns["local_insulin"][here].mean(dtype=np.float64)


def fasting(body):
    """Means of a fasting hour: plasma, and for each tissue what it keeps of the blood and has around its cells."""
    rows = []
    for _ in range(HOUR):
        seen = {"plasma": body.blood.plasma_insulin}
        body.run_for(1)
        tissues = body.populations[Tissue].columns
        for row, name in enumerate(body.anatomy):
            seen[f"{name} keeps"] = tissues["insulin_from_blood"][row]
            seen[f"{name} share"] = 1.0 - tissues["insulin_out"][row] / tissues["insulin_in"][row]
            seen[f"around {name}"] = around_cells(body, name)
        rows.append({**seen, "kidney": body.blood.insulin_cleared, "secreted": body.blood.insulin_secreted})
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def hold(body, minutes, plasma, portal=None):
    """Hold plasma insulin (pmol/L), glucose, and if given portal insulin (pmol/min); give every minute what is seen."""
    rows = []
    for _ in range(minutes):
        body.blood.plasma_insulin = plasma
        body.blood.plasma_glucose = body.blood.slow_glucose = USUAL_GLUCOSE
        if portal is not None:
            body.blood.portal_insulin = portal
        body.run_for(1)
        liver = body.tissue("liver")
        rows.append((1.0 - liver.insulin_out / liver.insulin_in, *(around_cells(body, t) for t in ("muscle", "fat"))))
    return np.array(rows)


def main() -> None:
    """Print the budget."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, default=1)
    person = Scenario.from_text(HEALTHY).body(seed=arguments.parse_args().seed)

    rest = fasting(person.fork())
    flow = ML_PER_L * person.tissue("liver").insulin_flow
    cleared = {name: ML_PER_L * rest[f"{name} keeps"] / rest["plasma"] for name in ("muscle", "fat", "islet")}
    cleared |= {"liver (of what flows in)": flow * rest["liver share"]}
    cleared |= {"kidney": ML_PER_L * rest["kidney"] / rest["plasma"]}
    for name, value in (*cleared.items(), ("all", sum(cleared.values()))):
        print(f"clearance by {name}: {value:.0f} mL/min")
    print(f"extraction at the first pass: {rest['liver share']:.2f}")
    for tissue in ("muscle", "fat"):
        print(f"around {tissue} cells over plasma, fasting: {rest[f'around {tissue}'] / rest['plasma']:.2f}")

    usual = hold(person.fork(), 24 * HOUR, rest["plasma"], rest["secreted"])
    tenfold = hold(person.fork(), 24 * HOUR, 10.0 * rest["plasma"], 10.0 * rest["secreted"])
    for hours in (2, 4, 24):
        last = slice(hours * HOUR - HOUR // 2, hours * HOUR)
        fall = 1.0 - tenfold[last, 0].mean() / usual[last, 0].mean()
        print(f"fall of the liver's clearance in ten times the insulin, after {hours} h: {fall:.2f}")

    for column, tissue, plasma in ((1, "muscle", 930.0), (1, "muscle", 2274.0), (2, "fat", 1176.0)):
        course = hold(person.fork(), 6 * HOUR, plasma)[:, column]
        for hours in (2, 6):
            there = course[hours * HOUR - HOUR // 2 : hours * HOUR].mean()
            print(f"around {tissue} cells at {plasma:.0f} pmol/L, {hours} h: {there:.0f} pmol/L ({there / plasma:.2f})")

    rises = np.mean([hold(_after(person, k), 3 * HOUR, 100.0) for k in range(8)], axis=0)
    for column, tissue in ((1, "muscle"), (2, "fat")):
        course = rises[:, column]
        half = 0.5 * (rest[f"around {tissue}"] + course[-HOUR:].mean())
        print(
            f"half-time around {tissue} cells after a step to 100 pmol/L: {(course[:HOUR] < half).sum() + 0.5:.1f} min"
        )


def _after(person, halves):
    """The person so many half hours later."""
    later = person.fork()
    later.run_for(halves * HOUR // 2)
    return later


if __name__ == "__main__":
    main()
