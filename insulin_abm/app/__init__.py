"""The browser page: a person's cells and curves, with Mesa's Step, Play and Reset; works without internet."""
