"""The page with components of Mesa's own beside it; show it with: solara run examples/my_page.py --no-check-version

Whatever SolaraViz takes can be added: here a plot of a column of `timeseries.csv`, and the muscle cells as Mesa's
SpaceRenderer draws them. Both are made by Matplotlib and take about a tenth of a second a frame.
"""

import solara
from mesa.visualization import SpaceRenderer, make_plot_component
from mesa.visualization.components import AgentPortrayalStyle
from mesa.visualization.solara_viz import SpaceRendererComponent

from insulin_abm.app.page import PersonPage

FULL = 20_000.0  # receptors of a cell that is drawn at full size


@solara.component
def MuscleCells(model):  # noqa: N802
    def make() -> SpaceRenderer:
        def style(cell) -> AgentPortrayalStyle:
            x, y = model.space.place_of(cell)
            return AgentPortrayalStyle(x=x, y=y, color="tab:blue", size=40.0 * cell.surface_receptors / FULL)

        return SpaceRenderer(model, backend="matplotlib").setup_agents(style)

    renderer = solara.use_memo(make, [id(model)])
    renderer.draw_agents()
    SpaceRendererComponent(model, renderer)


@solara.component
def Page():  # noqa: N802
    PersonPage([make_plot_component("plasma_insulin_pmol_per_l"), (MuscleCells, 0)])
