"""The documents say what the code does."""

import importlib.util
import re
from pathlib import Path

import pytest

from insulin_abm.scenario import DishScenario, Scenario, shipped_scenarios

ROOT = Path(__file__).parent.parent


def state_table_module():
    specification = importlib.util.spec_from_file_location("state_table", ROOT / "docs" / "state_table.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_state_table_of_the_odd_document_is_that_of_the_columns():
    written = (ROOT / "docs" / "ODD.md").read_text("utf-8")
    assert written == state_table_module().with_state_table(written), "run: python docs/state_table.py"


def test_links_of_the_documents_lead_somewhere():
    for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(((?!https?:)[^)#]+)\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


@pytest.mark.parametrize(("document", "kind"), [("scenarios", Scenario), ("dishes", DishScenario)])
def test_every_scenario_in_a_document_is_a_whole_good_file(document, kind):
    text = (ROOT / "docs" / f"{document}.md").read_text("utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        kind.from_text(block, source=document)


def test_scenarios_that_the_documents_name_are_there():
    for document in ("README.md", "docs/dishes.md", "docs/receptors.md"):
        text = (ROOT / document).read_text("utf-8")
        named = re.findall(r"insulin-abm (?:run|app) (\w+)", text) + re.findall(r"`(dish_\w+)`", text)
        assert named
        assert set(named) <= set(shipped_scenarios()), document


def test_every_shipped_dish_is_described():
    described = (ROOT / "docs" / "dishes.md").read_text("utf-8")
    for name in (name for name in shipped_scenarios() if name.startswith("dish_")):
        assert f"| `{name}` |" in described
