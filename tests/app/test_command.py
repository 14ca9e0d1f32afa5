"""`insulin-abm app` with something wrong: one clear line and exit 2."""

import socket
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from insulin_abm.cli import app


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["app", *arguments])
    assert result.exit_code == 2, result.output
    return result.stderr


@pytest.mark.parametrize("missing", ["solara", "uvicorn"])
def test_without_the_extra_it_says_what_to_install(missing: str) -> None:
    without = f"import sys; sys.modules[{missing!r}] = None; from insulin_abm.cli import main; main()"
    command = [sys.executable, "-c", without, "app", "healthy_day", "--port", "0"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 2
    assert result.stderr == f"The page needs {missing}. Install it with: pip install 'insulin_abm[app]'\n"


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        message = refused("healthy_day", "--port", port)
    assert port in message
    assert len(message.splitlines()) == 1


def test_a_scenario_with_faults_is_not_shown() -> None:
    assert "did you mean" in refused("helthy_day").lower()


def test_an_open_host_is_served_with_a_word_about_what_it_means() -> None:
    command = [sys.executable, "-m", "insulin_abm.cli", "app", "--host", "0.0.0.0", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(3)]
        process.terminate()
    assert "whoever reaches this machine over the network can use the page" in said[1]
    assert "no password" in said[1]


def test_code_needs_permission(tmp_path) -> None:
    scenario = tmp_path / "mine.toml"
    scenario.write_text('duration = "3 h"\nuse = ["mine.py"]\n')
    (tmp_path / "mine.py").write_text("")
    assert "--allow-code" in refused(str(scenario))
