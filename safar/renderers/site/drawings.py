"""A journey's pictures inside its page: what has a page of its own is a link to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from safar.engine.diagnostic import Diagnostic
from safar.engine.moves import Deliver
from safar.engine.program import Program
from safar.renderers import map as maps
from safar.renderers import svg as flow_svg
from safar.renderers.flow.showing import Showing, show
from safar.renderers.html.flow import NAMESPACE, Element, framed
from safar.renderers.picture import Picture
from safar.renderers.placing import placed
from safar.renderers.site.site import FLOW, Drawing

Targets = Mapping[str, str]
"""Where names lead: `stage NAME` and `touchpoint NAME` to a page."""


def draw(
    program: Program, form: str, language: str, targets: Targets, findings: tuple[Diagnostic, ...] = ()
) -> Drawing:
    """One picture, the flow with marks of findings; without it, the reason why it cannot be drawn."""
    try:
        if form == FLOW:
            flow = placed(show(program, language, Showing(findings=findings)))
            svg, links = flow_svg.write(flow), _of_flow(program, flow.sized.picture, targets)
        else:
            svg, links = maps.draw_journey_map(program, language=language), _of_stages(program, targets, "s")
    except maps.DrawingError as wrong:
        return Drawing(why=str(wrong))
    return Drawing(str(framed(svg, language, change=_linked(links))))


def _of_flow(program: Program, picture: Picture, targets: Targets) -> dict[str, str]:
    links = _of_stages(program, targets, "t")
    for number, box in enumerate(picture.boxes):
        place = box.meaning.place
        if place is not None and isinstance(place.move, Deliver):
            links[f"n{number}"] = targets.get(f"touchpoint {place.move.touchpoint.name}", "")
    return links


def _of_stages(program: Program, targets: Targets, letter: str) -> dict[str, str]:
    stages = enumerate(program.journey.stages)
    return {f"{letter}{number}": targets.get(f"stage {stage.name}", "") for number, stage in stages}


def _linked(links: Mapping[str, str]) -> Callable[[Element], None]:
    """Makes a link of each group whose id ends so."""

    def change(root: Element) -> None:
        for element in root.iter(f"{NAMESPACE}g"):
            target = links.get(element.get("id", "").rpartition("-")[2])
            if target:
                element.tag = f"{NAMESPACE}a"
                element.set("href", target)
                _name(element)

    return change


def _name(link: Element) -> None:
    """What a link is called: its title, or its texts where it has none."""
    title = link.find(f"{NAMESPACE}title")
    words = title.text if title is not None else " ".join(text.text or "" for text in link.iter(f"{NAMESPACE}text"))
    link.set("aria-label", (words or "").strip("\u200e\u200f"))
