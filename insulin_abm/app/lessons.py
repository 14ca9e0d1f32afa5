"""Three lessons: each sets a scene, asks a question, lets the learner try, and says what to look at."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Lesson:
    """A lesson.

    Attributes
    ----------
    title, scene, question, tries, answer : str
        What the learner reads.
    choices : dict
        What the page is set to, as `PersonModel` takes it.
    minutes_per_second : int
        The speed that suits it.
    span : str
        How much of the past the chart shows.
    """

    title: str
    scene: str
    question: str
    tries: str
    answer: str
    choices: dict[str, str] = field(default_factory=dict)
    minutes_per_second: int = 60
    span: str = "a day"


LESSONS = (
    Lesson(
        "A meal",
        "A healthy woman of 40 has slept. At 07:00 she eats bread, corn flakes, milk and an apple.",
        "Glucose comes from the gut for hours. Why does it hardly rise above 8 mmol/L in her blood?",
        "Press Play and stop at about 08:00. Colour the cells by bound_receptors, then by glucose_uptake. Then eat "
        "300 g of white rice, and see how far glucose goes now.",
        "Beta cells answer within minutes. Insulin leaves the capillaries as particles, is bound by receptors of "
        "muscle and fat, which take glucose up, and of the liver, whose output falls towards zero (second last panel).",
        {"scenario": "healthy_day"},
    ),
    Lesson(
        "No insulin",
        "The same day without beta cells and without any insulin: type 1 diabetes. Beside her lives a healthy woman.",
        "Nothing is eaten before 07:00. Where does the glucose come from that rises all night?",
        "Press Play and compare the panels of glucose made by the body and of free fatty acids. Step to the evening, "
        "then inject insulin, which both of them get: how many units bring glucose back, and how many are too much?",
        "Without insulin the liver is not held back, fat lets its fatty acids go, and cells keep their receptors with "
        "nothing to bind: the lack of insulin is absolute.",
        {"scenario": "type1_day", "beside": "healthy"},
    ),
    Lesson(
        "A month of too much insulin",
        "Insulin is infused for four weeks while glucose is held; beside her is a twin whose cells do not turn down "
        "the making of receptors. Both have the same draws.",
        "Nothing says 'resistant'. What do the cells do when insulin stays high?",
        "Play at a day a second and watch the colours darken. Open a cell with a click. After day 29 the infusion "
        "ends: what comes back, and how fast?",
        "Bound receptors are taken in and some are degraded; a lasting signal turns down how many are made. Fewer "
        "receptors mean that more insulin is needed for the same effect: the curve is shifted. The twin loses less.",
        {"scenario": "chronic_hyperinsulinemia", "beside": "a twin without turn-down of receptors"},
        minutes_per_second=1440,
        span="everything",
    ),
)


def lesson(title: str) -> Lesson | None:
    """Give a lesson by its title (None: there is none)."""
    return next((one for one in LESSONS if one.title == title), None)
