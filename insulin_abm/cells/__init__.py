"""Cells: muscle, fat, liver, beta and alpha cells, each an agent with insulin receptors of its own."""
