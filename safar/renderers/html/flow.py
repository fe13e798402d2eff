"""The map inside a page: its SVG with ids of its own, in a frame to zoom and move in."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from safar.renderers.captions import caption
from safar.renderers.html.markup import Markup, tag

NAMESPACE = "{http://www.w3.org/2000/svg}"
Element = ElementTree.Element


def framed(
    svg: str,
    language: str,
    *,
    prefix: str = "",
    wheel: str = "",
    change: Callable[[Element], None] | None = None,
) -> Markup:
    """An SVG file of ours in a frame; `change` may add to it, `prefix` keeps ids of several maps apart.  Its fonts and
    its dark form are those of the page.

    With `wheel="plain"` the wheel zooms without a key: on a page that is nothing but the map.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314 - written by `svg.write` a moment ago
    style = root.find(f"{NAMESPACE}style")
    if style is not None:
        root.remove(style)
    for size in ("width", "height"):
        del root.attrib[size]
    if change is not None:
        change(root)
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", prefix + element.attrib["id"])
    root.set("aria-labelledby", " ".join(f"{prefix}{one}" for one in root.attrib["aria-labelledby"].split()))
    root.set("role", "group")
    ElementTree.register_namespace("", NAMESPACE.strip("{}"))
    return _frame(Markup(ElementTree.tostring(root, encoding="unicode")), language, wheel)


def _frame(inline: Markup, language: str, wheel: str) -> Markup:
    def button(sign: str, key: str, tool: str) -> Markup:
        said = caption(language, key)
        return tag("button", sign or said, type="button", title=said, aria_label=said, data_tool=tool)

    tools = tag(
        "div", button("+", "zoom in", "in"), button("−", "zoom out", "out"), button("", "fit", "fit"), class_="tools"
    )
    keys = caption(language, "map keys")
    view = tag("div", inline, class_="view", tabindex=0, role="group", aria_label=keys)
    return tag("div", view, tools, class_="map", data_wheel=wheel or None)
