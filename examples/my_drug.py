"""A drug in one file: it halves gluconeogenesis at 500 mg in the body.

    insulin-abm run examples/with_my_drug.toml --allow-code

The rule is plain Python for one agent and one minute; it is compiled with the rest. What it may read: its own columns,
the parameters `p`, and its draws `chance`.
"""

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import rule
from insulin_abm.organs.drug import Drug


class MyDrug(Drug):
    """A tablet that slows the making of new glucose in the liver."""

    parameter_sites = ("my_drug",)
    own_parameters = """
[absorption_rate]
value = 0.01
unit = "1/min"
range = [0.0, 1.0]
meaning = "absorption from the gut"
source = "an example, no real drug"
certainty = "assumption"

[elimination_rate]
value = 0.0025
unit = "1/min"
range = [0.0, 1.0]
meaning = "elimination by the kidneys"
source = "an example, no real drug"
certainty = "assumption"

[half_effect_amount]
value = 500
unit = "mg"
range = [1, 1e6]
meaning = "amount in the body that halves gluconeogenesis"
source = "an example, no real drug"
certainty = "assumption"
"""
    acts_on = {"liver.gluconeogenesis_factor": "remaining"}

    remaining = column(1.0, "1", "gluconeogenesis that remains", wide=True)

    @rule
    def live_a_minute(drug, p, chance):
        """Be absorbed, act, be eliminated."""
        absorbed = p.absorption_rate * drug.taken
        drug.taken -= absorbed
        drug.amount += absorbed - p.elimination_rate * drug.amount
        drug.remaining = p.half_effect_amount / (p.half_effect_amount + drug.amount)
