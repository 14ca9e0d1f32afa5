"""Why a run could not be kept."""

from __future__ import annotations


class PlaceError(Exception):
    """Results cannot be written to, or read from, a place; nothing was changed there."""


class RunError(Exception):
    """A run began and could not be finished; what was kept of it, if anything, the message says."""


class ClusterError(Exception):
    """There is no such cluster, or it cannot do this work; the message says what to do."""


class Stopped(KeyboardInterrupt):
    """A run was interrupted; the message says from where the same command goes on."""
