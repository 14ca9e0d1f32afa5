"""Small pieces of SVG; text and axes take the colour of the page, so that light and dark themes both work."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from math import floor, log10

NICE = (1.0, 1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""Ends of an axis whose quarters are round."""


def svg(width: int, height: int, label: str, parts: Iterable[str]) -> str:
    """Give an image that fills the width of its place."""
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}" '
        'style="width: 100%; height: auto; display: block" font-family="Roboto, sans-serif" font-size="12">'
        f"{''.join(parts)}</svg>"
    )


def text(x: float, y: float, words: str, anchor: str = "start", weight: str = "normal") -> str:
    """Write words; `anchor` says which end of them is at x."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="currentColor">'
        f"{escape(words)}</text>"
    )


def line(x1: float, y1: float, x2: float, y2: float, opacity: float = 0.2, dashes: str = "none") -> str:
    """Draw a thin line."""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="currentColor" '
        f'stroke-opacity="{opacity}" stroke-dasharray="{dashes}"/>'
    )


def number(value: float) -> str:
    """Write a number of at most three digits that matter, with a comma at thousands.

    Examples
    --------
    >>> number(13674.2), number(7.5), number(0.0)
    ('13,700', '7.5', '0')
    """
    if value == 0.0:
        return "0"
    digits = 2 - floor(log10(abs(value)))
    rounded = round(value, digits)
    return f"{rounded:,.0f}" if digits <= 0 or rounded == int(rounded) else f"{rounded:,.{digits}f}".rstrip("0")


def nice_above(value: float) -> float:
    """Give the next round number that is not below a value.

    Examples
    --------
    >>> nice_above(31000.0), nice_above(0.0)
    (40000.0, 1.0)
    """
    if value <= 0.0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in NICE if step * power >= value * (1.0 - 1e-9))
