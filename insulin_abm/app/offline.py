"""Keeps Solara from asking the internet for anything."""

from __future__ import annotations

NOWHERE = "offline://"
FORGOTTEN_AFTER = "10m"
"""A page whose browser has not been heard of for so long is closed, and its person forgotten."""


def stay_offline() -> None:
    """Switch off Solara's telemetry, its probe of solara.dev and its download of assets; forget lost pages.

    The page's scripts and fonts come from the package solara-assets. One that is missing there is not fetched.
    """
    import solara.server.settings as server
    import solara.settings

    server.telemetry.mixpanel_enable = False
    server.main.mode = "production"  # in the other mode every page probes solara.dev
    server.theme.show_banner = False
    solara.settings.assets.cdn = NOWHERE
    server.kernel.cull_timeout = FORGOTTEN_AFTER
