"""Serves the page on this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
import warnings
from collections.abc import Callable

import uvicorn

from insulin_abm.app import page
from insulin_abm.app.model import PersonModel
from insulin_abm.app.pace import Pace
from insulin_abm.results.names import NOTE
from insulin_abm.scenario import Scenario


def listen(host: str, port: int) -> socket.socket:
    """Take a port, any free one for 0.

    Raises
    ------
    OSError
        The port is taken, or the host is not this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen()  # a browser that comes before the server is ready waits
    except OSError:
        taken.close()
        raise
    return taken


def serve(scenario: Scenario, taken: socket.socket, say: Callable[[str], None]) -> None:
    """Show a scenario until the process is stopped.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    taken : socket.socket
        Where to listen.
    say : callable
        Told, in a line each, what goes on.
    """
    page.show(scenario)
    say("Making the person (the first time ever this compiles the rules, which takes half a minute)")
    PersonModel(opened=scenario, pace=Pace(), seed=scenario.seed, cells=sum(scenario.cells.values())).close()
    # Solara warns at every page that is not https, with advice for pages embedded in others
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)
    os.environ["SOLARA_APP"] = page.__name__
    host, port = taken.getsockname()[:2]
    if not ipaddress.ip_address(host).is_loopback:
        say(
            f"Listening on {host}: whoever reaches this machine over the network can use the page, and with it this "
            "machine's time and memory; it asks for no password"
        )
    say(f"Open http://{f'[{host}]' if ':' in host else host}:{port} in a browser; Ctrl+C stops. {NOTE}")
    server = uvicorn.Server(uvicorn.Config("solara.server.starlette:app", log_level="error"))
    server.run(sockets=[taken])
