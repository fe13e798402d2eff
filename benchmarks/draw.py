"""How long the flow map of a journey takes, beside Mermaid and Graphviz as they are.

    python -m benchmarks.draw [TIMES] [--mermaid node_modules/mermaid/dist/mermaid.min.js]

Made-up journeys of 40, 300 and 1,000 steps in five stages.  The same boxes, arrows and stages go to

- `safar.draw`, as SVG with its fonts, in this process;
- `dot` on the PATH or else the one of `graphviz-pure`, with labels and stages as people write them, nothing tuned;
- Mermaid in a Chromium that is running already (needs `playwright` and a Chromium; `npm install mermaid`), its limits
  of text and edges lifted.

All in turn in one run, after start, wall time, medians of TIMES (3) rounds.  A peer that took over 10 seconds is left
out at the next size: its time grows with the square or worse.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from safar.dsl.read import read_text
from safar.engine.program import Program, lower
from safar.renderers import graphviz_engine, mermaid
from safar.renderers.dot import quoted
from safar.renderers.graphviz_engine import find
from safar.renderers.labels import clean
from safar.renderers.map import draw
from safar.renderers.picture import OUTSIDE, Picture
from safar.renderers.view import view

SIZES, STAGES = (40, 300, 1_000), 5
LONGEST, LIMIT = 10.0, 60.0
"""Seconds after which a peer is left out at the next size, and at which `dot` is stopped."""
GOALS = {40: 0.1, 300: 0.4, 1_000: 3.0}
"""Seconds that the map of so many steps may take."""

HEAD = """customer {{ orders: integer = 0 }}
event opened "Opened"; event visited "Visited"; event bought "Bought"
channel email "Email" {{ outbound }}; channel sms "SMS" {{ outbound }}; team crm "Customer relations"
journey made "Made up, {steps} steps" {{ enter on visited; on bought exit won
"""
ROUND = """touchpoint t{n} "Message number {n}" {{ send email {{ subject "x" }}; feeling +1 "Met" }}
wait for opened(t{n}) up to 2d {{ wait {hours}h }} otherwise {{
  if customer.orders > {n} {{ exit out{outcome} "No answer" }}
}}
task crm "Look at number {n}"
"""


def journey(steps: int) -> Program:
    """Rounds of five steps, one of which may leave, in stages of the same size; each may begin again."""
    rounds = [ROUND.format(n=n, hours=n % 20 + 1, outcome=n % 3) for n in range(steps // 5)]
    per = -(-len(rounds) // STAGES)
    text = HEAD.format(steps=steps)
    for stage in range(STAGES):
        own = "".join(rounds[stage * per : (stage + 1) * per])
        text += f'stage s{stage} "Stage {stage + 1}" {{\n{own}if customer.orders < {-stage} {{ go to s0 }}\n}}\n'
    project = read_text(text + "}\n").project
    return lower(project, project.journeys["made"])


def plain_dot(picture: Picture) -> str:
    """The picture as people write DOT: labels, shapes and clusters."""
    lines = ["digraph g {", "node [shape=box]"]
    for stage in (*range(len(picture.stages)), OUTSIDE):
        inside = [number for number, box in enumerate(picture.boxes) if box.stage == stage]
        head = f"subgraph cluster_{stage} {{ label={_text(picture.stages[stage].title)}" if stage != OUTSIDE else "{"
        lines += [head, *(f"n{number} [label={_label(picture, number)}]" for number in inside), "}"]
    lines += [f"n{one.start} -> n{one.end} [label={_text(one.label)}]" for one in picture.arrows]
    return "\n".join((*lines, "}"))


def _label(picture: Picture, number: int) -> str:
    box = picture.boxes[number]
    return _text("\n".join(map(clean, (box.title, *box.details))))


def _text(text: str) -> str:
    return quoted(text)


# --- who draws

Drawer = Callable[[Program], int]
"""Draws the flow, and returns the length of the SVG."""


def ours(program: Program) -> int:
    graphviz_engine._known.clear()  # every round lays out anew
    return len(draw(program, kind="svg"))


def graphviz() -> tuple[str, Drawer] | None:
    """`dot` of the machine, or else the embedded one."""
    system = find("system")
    engine = system or find("embedded")
    if engine is None:
        return None

    def drawer(program: Program) -> int:
        text = plain_dot(view(program)).encode()
        done = subprocess.run([engine, "-Kdot", "-Tsvg"], input=text, capture_output=True, check=True, timeout=LIMIT)
        return len(done.stdout)

    return ("dot" if system else "dot of graphviz-pure"), drawer


def in_chromium(script: Path) -> Iterator[Drawer]:
    """Mermaid in a page that is open; nothing where a browser or the script is missing."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    if program is None or not script.is_file():
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content("<body></body>")
        page.add_script_tag(path=str(script))
        page.evaluate("mermaid.initialize({startOnLoad: false, maxTextSize: 1e7, maxEdges: 1e5})")
        yield lambda one: _rendered(page, mermaid.write(view(one)))
        browser.close()


def _rendered(page: Any, text: str) -> int:
    draw_it = "async text => (await mermaid.render('m' + Math.floor(performance.now() * 1000), text)).svg.length"
    return int(page.evaluate(draw_it, text))


# --- the table


def table(drawers: dict[str, Drawer], sizes: tuple[int, ...], rounds: int) -> None:
    ours(journey(40))  # start: modules and fonts are read once
    left = dict(drawers)
    for steps in sizes:
        program = journey(steps)
        picture = view(program)
        print(f"\n{steps} steps: {len(picture.boxes)} boxes, {len(picture.arrows)} arrows")
        found: dict[str, list[tuple[float, int]]] = {name: [] for name in drawers}
        for _ in range(rounds):
            for name, drawer in left.items():
                begin = time.perf_counter()
                try:
                    letters = drawer(program)
                except subprocess.TimeoutExpired:
                    letters = 0
                found[name].append((time.perf_counter() - begin, letters))
        _rows(found, steps)
        slow = {name for name, some in found.items() if some and some[0][0] > LONGEST}
        left = {name: drawer for name, drawer in left.items() if name not in slow}


def _rows(found: dict[str, list[tuple[float, int]]], steps: int) -> None:
    middle = {name: statistics.median(seconds for seconds, _ in some) for name, some in found.items() if some}
    for name, some in found.items():
        if not some:
            print(f"  {name:24} left out: it took too long before")
            continue
        ratio = f"{middle[name] / middle['safar']:6.1f} times safar" if name != "safar" else ""
        goal = f"of {GOALS[steps]:g} s wanted" if name == "safar" and steps in GOALS else ""
        size = f"{some[0][1] / 1000:6.0f} kB" if some[0][1] else "  stopped"
        print(f"  {name:24} {middle[name]:7.3f} s  {size}  {ratio}{goal}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("times", type=int, nargs="?", default=3)
    parser.add_argument("--steps", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--mermaid", type=Path, default=Path("node_modules/mermaid/dist/mermaid.min.js"))
    asked = parser.parse_args()
    drawers: dict[str, Drawer] = {"safar": ours}
    if (peer := graphviz()) is not None:
        drawers[peer[0]] = peer[1]
    browsers = in_chromium(asked.mermaid)
    drawer = next(browsers, None)
    if drawer is None:
        print("Mermaid left out: it needs playwright, a Chromium, and --mermaid FILE (`npm install mermaid`)")
    else:
        drawers["Mermaid in Chromium"] = drawer
    table(drawers, tuple(asked.steps), asked.times)
    next(browsers, None)


if __name__ == "__main__":
    main()
