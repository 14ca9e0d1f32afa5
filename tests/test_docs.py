"""The documents say what the code does."""

import importlib.util
import re
from pathlib import Path

from insulin_abm.scenario import shipped_scenarios

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


def test_scenarios_that_the_readme_names_are_there():
    named = re.findall(r"insulin-abm (?:run|app) (\w+)", (ROOT / "README.md").read_text("utf-8"))
    assert named
    assert set(named) <= set(shipped_scenarios())
