"""Glucose and insulin between the cells as dots: each stands for so many particles of the patch that it is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from insulin_abm.app.mosaic import Mosaic, Panel
from insulin_abm.app.svg import nice_above
from insulin_abm.body import Body
from insulin_abm.tissue.patch import Patch

KINDS = {"glucose": "packets", "insulin": "molecules"}
"""The particles, and what one is called."""
DOTS_OF_A_PANEL = 120
"""So many dots of a kind a panel has when the picture is opened."""
TIMES_MORE = 4
"""So many times more dots than at first a panel can have; of a patch with more, the rest is not drawn."""
PLACES = 65535
"""A place on the picture is a share of its width or height in whole steps of this; the last means no dot."""


@dataclass(frozen=True)
class Dots:
    """The dots of one kind.

    Attributes
    ----------
    places : bytes
        Pairs of little-endian uint16, across and down, a slot each; the same slot is the same dot in the next frame.
    stands_for : dict of str to float
        Particles of a dot, by tissue.
    """

    places: bytes
    stands_for: dict[str, float]


class Particles:
    """Places of the dots.

    A patch is what mixes within a minute, so where in it a particle is is chance anew in every frame; which patch it is
    in is what the columns say. The chance of the picture is not that of the person: nothing is drawn from the body.

    Parameters
    ----------
    mosaic : Mosaic
        The picture.
    bodies : sequence of Body
        The people on it, now.

    Attributes
    ----------
    stands_for : dict
        By kind and tissue, how many particles a dot stands for.
    """

    def __init__(self, mosaic: Mosaic, bodies: Sequence[Body]) -> None:
        self._mosaic = mosaic
        self.stands_for: dict[str, dict[str, float]] = {kind: {} for kind in KINDS}
        for kind, stands_for in self.stands_for.items():
            for panel in mosaic.panels:
                there = int(_counts(panel, bodies[panel.number], kind).sum())
                new = max(1.0, nice_above(there / DOTS_OF_A_PANEL))
                stands_for[panel.tissue] = max(new, stands_for.get(panel.tissue, 0.0))

    def draw(self, bodies: Sequence[Body], minute: int) -> dict[str, Dots]:
        """Give the dots of each kind at a minute."""
        return {kind: self._dots(kind, bodies, minute) for kind in KINDS}

    def _dots(self, kind: str, bodies: Sequence[Body], minute: int) -> Dots:
        chance = np.random.default_rng([minute, *kind.encode()])
        slots = [self._slots(panel, kind, bodies[panel.number], chance) for panel in self._mosaic.panels]
        return Dots(np.concatenate(slots).astype("<u2").tobytes(), self.stands_for[kind])

    def _slots(self, panel: Panel, kind: str, body: Body, chance: np.random.Generator) -> np.ndarray:
        """Give the places of all slots of a panel; whole numbers of shape (slots, 2)."""
        sheet = panel.sheet
        expected = _counts(panel, body, kind) / self.stands_for[kind][panel.tissue]
        dots = np.floor(expected + chance.random(len(expected)))
        slots = TIMES_MORE * max(1, -(-DOTS_OF_A_PANEL // len(expected)))
        within = chance.random((len(expected), slots, 2)) * (sheet.patch_width, sheet.patch_height)
        origin = np.stack([panel.left + sheet.left, sheet.top], axis=1)[:, np.newaxis, :]
        places = (origin + within) / (self._mosaic.width, self._mosaic.height) * (PLACES - 1)
        places[np.arange(slots) >= dots[:, np.newaxis]] = PLACES
        return places.reshape(-1, 2)


def _counts(panel: Panel, body: Body, kind: str) -> np.ndarray:
    """Give the particles of each patch of a panel."""
    patches = len(panel.sheet.left)
    return np.asarray(body.populations[Patch].columns[kind][panel.first_patch : panel.first_patch + patches], float)
