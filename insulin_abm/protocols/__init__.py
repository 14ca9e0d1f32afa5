"""What a clinic does to a person, and computes from it: meals, tolerance tests, clamps, infusions, fasts."""
