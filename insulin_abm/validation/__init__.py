"""The scoreboard: published experiments done again, and how near the model comes."""
