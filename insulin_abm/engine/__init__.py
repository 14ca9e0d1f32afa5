"""The engine: columns, populations, rules, chance, clock and snapshots. It knows no biology."""
