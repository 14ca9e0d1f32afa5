"""The row of the page with which something is done to the person now."""

from __future__ import annotations

from collections.abc import Callable

import solara
from mesa.visualization.utils import update_counter

from insulin_abm.app.actions import ACTIONS, Action, do, refusals
from insulin_abm.app.model import PersonModel

BY_LABEL = {action.label: action for action in ACTIONS}


@solara.component
def ActionBar(model: PersonModel) -> None:  # noqa: N802
    """Let something be chosen, filled in and done."""
    label, set_label = solara.use_state(ACTIONS[0].label)
    with solara.Row(gap="12px", classes=["action-bar"]):
        solara.Select("What to do", values=list(BY_LABEL), value=label, on_value=set_label)
        FillIn(BY_LABEL[label], model).key(f"{label} {id(model)}")


@solara.component
def FillIn(action: Action, model: PersonModel) -> None:  # noqa: N802
    """Show the fields of something that can be done; what is filled in wrongly is said at its field."""
    filled, set_filled = solara.use_state({field.key: field.usual for field in action.fields})
    said, set_said = solara.use_state("")

    def refused_now() -> dict[str, str]:
        with model.lock:
            return refusals(action, model, filled)

    refused = solara.use_memo(refused_now, [id(model), filled])

    def act() -> None:
        minute = do(action, model, filled)
        set_said(f"{action.label}: at minute {minute}")
        update_counter.value += 1

    with solara.Row(gap="12px", classes=["action-bar"]):
        for field in action.fields:

            def fill(value: str, key: str = field.key) -> None:
                set_filled(lambda before: {**before, key: value})

            if field.choices:
                solara.Select(field.label, values=list(field.choices), value=filled[field.key], on_value=fill)
            else:
                solara.InputText(
                    field.label,
                    value=filled[field.key],
                    on_value=fill,
                    continuous_update=True,
                    error=refused.get(field.key, False),
                )
        DoIt(model, bool(refused), said, act)


@solara.component
def DoIt(model: PersonModel, refused: bool, said: str, on_click: Callable[[], None]) -> None:  # noqa: N802
    """Show the button, which every frame may switch off: at the end of the scenario there is nothing to do."""
    update_counter.get()
    over = not model.running
    solara.Button("Do it", on_click=on_click, color="primary", disabled=refused or over)
    solara.Text("the scenario has ended" if over else said, classes=["action-said"])
