"""Conversions between units: exact, the same everywhere, no matter of biology."""

MOLECULES_PER_PMOL = 6.02214076e11
"""Avogadro's constant (SI 2019, exact)."""
MOLECULES_PER_NMOL_PER_L_PL = 602.214076
"""Molecules in a picolitre at 1 nmol/L."""
FMOL_PER_MMOL = 1e12
FMOL_PER_PMOL = 1e3
PMOL_PER_NMOL = 1e3
PICOLITRES_PER_LITRE = 1e12
MG_PER_G = 1e3
MG_PER_KG = 1e6
ML_PER_L = 1e3
CENTIMETRES_PER_METRE = 100.0
SECONDS_PER_MINUTE = 60
MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 1440
MINUTES_PER_YEAR = 525960
"""Of 365.25 days."""
DAYS_PER_WEEK = 7
PERCENT = 100.0
