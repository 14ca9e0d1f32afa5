"""Organs of which a person has one: blood, gut, brain, kidneys, vessels and the depot of injected insulin."""
