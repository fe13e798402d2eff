"""How long `safar check` takes, the first time and when nothing or one file has changed, beside other tools.

    python -m benchmarks.check [TIMES]

Makes 1,000 `.journey` files of 54 lines with one vocabulary, and the same journeys as `.journey.yaml` files, in a
temporary folder.  On the YAML files also `check-jsonschema` (with the schema of `safar schema`) and `yamllint` (with
two rules only), where these are on the PATH: all in one run, in turn, wall and CPU time, medians of TIMES (3) rounds.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.read import FILES, make, spent

YAML_VOCABULARY = """customer:
  first_name: text?
  email_ok: yes_no = yes
  orders: integer = 0
  value: money = 0 EUR
events:
  signed_up: {title: Signed up}
  opened: {title: Opened}
  clicked: {title: Clicked}
  order_placed:
    title: Ordered
    fields: {total: money}
    then set: customer.orders = customer.orders + 1
channels:
  email:
    title: Email
    outbound: true
    cost: 0.002 EUR per message
    only if: customer.email_ok
    at most: 3 per 7d then skip
  sms:
    title: SMS
    outbound: true
    cost: 0.045 EUR per message
    quiet: from 22:00 to 08:00 then wait
teams:
  crm: CRM
personas:
  planner: {title: Planner, share: 40%, set: [customer.value = 10 EUR to 200 EUR]}
  hunter: {title: Hunter, share: 60%, set: [customer.value = 5 EUR to 80 EUR]}
"""

YAML_JOURNEY = """use: [vocabulary.journey.yaml]

journeys:
  journey_{n}:
    title: Journey {n}
    owner: crm
    enter: [{{event: signed_up, if: customer.email_ok}}]
    reenter: after 30d
    on: [{{event: order_placed, exit: won}}]
    goals:
      won:
        title: Order
        on: order_placed within 14d
        target: at least 12%
        value: order_placed.total
    measures:
      pressure: {{is: messages per customer, target: at most 4}}
    horizon: 60d
    stages:
      - stage: greeting
        title: Greeting
        doing: Looks around
        steps:
          - touchpoint: welcome
            title: Welcome
            send:
              channel: email
              subject: 'Welcome, {{customer.first_name or else "friend"}}'
              text: Good to have you here.
            feeling: +1 "Welcome"
            owner: crm
            responds:
              - event: opened
                chance: {share}% if persona == planner, 30% otherwise
                after: about 18h
                then:
                  - event: clicked
                    chance: 20%
                    after: about 5m
          - wait for: opened(welcome)
            up to: 3d
            as: answer
            then:
              - {{wait: 1d}}
            otherwise:
              - touchpoint: reminder
                title: Reminder
                send:
                  channel: sms
                  text: Still there?
                responds:
                  - event: opened
                    chance: 10%
                    after: about 2h
      - stage: offering
        title: Offering
        steps:
          - if: customer.orders > {n} and customer.value >= 20 EUR
            then:
              - split: test
                arms:
                  - {{share: 50%, arm: coupon, then: [{{wait: 1d}}]}}
                  - {{share: 50%, arm: control, then: [{{wait: 2d}}]}}
            otherwise:
              - if: customer.value < 10 EUR
                then: [{{exit: lost, why: Too little}}]
          - repeat: up to 3 times
            every: 7d
            until: clicked
            then:
              - touchpoint: nudge
                title: Nudge
                send:
                  channel: email
                  subject: One more thing
                  text: Have you seen this?
                responds:
                  - event: clicked
                    chance: 5%
                    after: about 3h
          - wait until: monday at 09:00
          - exit: lost
"""
SAFAR = [sys.executable, "-m", "safar"]
TWO_RULES = "{rules: {key-duplicates: enable, anchors: enable}}"
"""Two of the dozen that `yamllint` asks by itself: what `safar check` finds too."""


def make_yaml(folder: Path, files: int) -> None:
    (folder / "safar.toml").write_text('[project]\nname = "many"\njourneys = ["."]\n', encoding="utf-8")
    (folder / "vocabulary.journey.yaml").write_text(YAML_VOCABULARY, encoding="utf-8")
    for n in range(files):
        text = YAML_JOURNEY.format(n=n, share=40 + n % 30)
        (folder / f"j{n:04}.journey.yaml").write_text(text, encoding="utf-8")


class Bench:
    """A folder of journeys, what is run in it, and the seconds, wall and CPU, that each took."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: dict[str, list[tuple[float, float]]] = {}

    def time(self, name: str, command: list[str], before: Callable[[], object] = lambda: None) -> None:
        before()
        self.seconds.setdefault(name, []).append(spent(command, self.folder))

    def safar(self) -> None:
        """The first time, then unchanged, then with one changed file."""
        kept, changed = Path(os.environ["XDG_CACHE_HOME"]), next(self.folder.glob("j0007.*"))
        self.time("first time", [*SAFAR, "check"], lambda: shutil.rmtree(kept, ignore_errors=True))
        self.time("unchanged", [*SAFAR, "check"])
        longer = changed.read_text(encoding="utf-8") + "# one more line\n"
        self.time("one file changed", [*SAFAR, "check"], lambda: changed.write_text(longer, encoding="utf-8"))

    def others(self, schema: Path | None) -> None:
        files = sorted(file.name for file in self.folder.glob("j*.yaml"))
        if schema is not None and shutil.which("check-jsonschema"):
            self.time("check-jsonschema", ["check-jsonschema", "--schemafile", str(schema), *files])
        if shutil.which("yamllint"):
            self.time("yamllint, two rules", ["yamllint", "-d", TWO_RULES, *files])

    def tell(self) -> None:
        first = 0.0
        for name, seconds in self.seconds.items():
            wall, cpu = (statistics.median(column) for column in zip(*seconds, strict=True))
            first = first or wall
            print(f"  {name:<20} {wall:7.2f} s wall {cpu:7.2f} s CPU  {wall / first:6.2f} x the first time")


def schema_in(folder: Path) -> Path | None:
    """The schema of journeys as a file; None where this version of Safar has none."""
    file = folder / "journey.schema.json"
    done = subprocess.run([*SAFAR, "schema", "-o", str(file)], capture_output=True, check=False)
    return file if done.returncode == 0 else None


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_CACHE_HOME"] = str(Path(name, "cache"))
        dsl, yaml = Bench(Path(name, "dsl")), Bench(Path(name, "yaml"))
        for bench, fill in ((dsl, make), (yaml, make_yaml)):
            bench.folder.mkdir()
            fill(bench.folder, FILES)
        schema = schema_in(Path(name))
        spent([*SAFAR, "check", "--no-cache", "j0000.journey"], dsl.folder)
        for _ in range(times):
            dsl.safar()
            yaml.safar()
            yaml.others(schema)
        print(f"{FILES:,} .journey files (goals: 4 s, and 0.3 s unchanged)")
        dsl.tell()
        print(f"{FILES:,} .journey.yaml files")
        yaml.tell()


if __name__ == "__main__":
    main()
