"""The row of the page in which a lesson is begun, and its text."""

from __future__ import annotations

from collections.abc import Callable

import solara

from insulin_abm.app.lessons import LESSONS, Lesson

NO_LESSON = "no lesson"


@solara.component
def LessonBar(begun: Lesson | None, on_begin: Callable[[Lesson | None], None]) -> None:  # noqa: N802
    """Let a lesson be begun, and show it; the answer is shown when it is asked for."""
    answered, set_answered = solara.use_state("")

    def begin(lesson: Lesson | None) -> None:
        set_answered("")
        on_begin(lesson)

    with solara.Row(gap="8px", classes=["lesson-bar"]):
        solara.Text("Lessons:")
        for lesson in LESSONS:
            solara.Button(
                lesson.title,
                on_click=lambda lesson=lesson: begin(lesson),
                outlined=lesson is begun,
                text=True,
                small=True,
            )
        if begun is not None:
            solara.Button("End the lesson", on_click=lambda: begin(None), text=True, small=True)
    if begun is None:
        return
    with solara.Column(gap="2px", classes=["lesson"]):
        solara.Text(begun.scene)
        solara.Text(begun.question, style={"font-weight": "500"})
        solara.Text(f"Try: {begun.tries}")
        if answered == begun.title:
            solara.Text(begun.answer)
        else:
            solara.Button("What to see", on_click=lambda: set_answered(begun.title), text=True, small=True)
