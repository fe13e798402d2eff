"""How fast files are read and the command starts.

    python benchmarks/read.py

Makes 1,000 files of 54 lines that share one vocabulary, in a temporary folder, and checks them with `safar check`
(wall time; two processes are allowed); then the CPU time of `safar --version` and of `safar check` of one file, with
compiled bytecode.  Nothing is kept from one run for the next; how that helps is measured in `check.py`.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FILES, LINES = 1000, 54

VOCABULARY = """customer { first_name: text?; email_ok: yes_no = yes; orders: integer = 0; value: money = 0 EUR }
event signed_up "Signed up"
event opened "Opened"
event clicked "Clicked"
event order_placed "Ordered" { total: money; then set customer.orders = customer.orders + 1 }
channel email "Email" { outbound; cost 0.002 EUR per message; only if customer.email_ok; at most 3 per 7d then skip }
channel sms "SMS" { outbound; cost 0.045 EUR per message; quiet from 22:00 to 08:00 then wait }
team crm "CRM"
persona planner "Planner" { share 40%; set customer.value = 10 EUR to 200 EUR }
persona hunter "Hunter" { share 60%; set customer.value = 5 EUR to 80 EUR }
"""

JOURNEY = """use "vocabulary.journey"

journey journey_{n} "Journey {n}" {{
  owner crm
  enter on signed_up if customer.email_ok
  reenter after 30d
  on order_placed exit won
  goal won "Order" {{ on order_placed within 14d; target at least 12%; value order_placed.total }}
  measure pressure = messages per customer, target at most 4
  horizon 60d
  stage greeting "Greeting" {{
    doing "Looks around"
    touchpoint welcome "Welcome" {{
      send email {{
        subject "Welcome, {{customer.first_name or else "friend"}}"
        text "Good to have you here."
      }}
      feeling +1 "Welcome"
      owner crm
      responds {{
        opened {share}% if persona == planner, 30% otherwise after about 18h {{
          clicked 20% after about 5m
        }}
      }}
    }}
    wait for opened(welcome) up to 3d as answer {{
      wait 1d
    }} otherwise {{
      touchpoint reminder "Reminder" {{
        send sms {{ text "Still there?" }}
        responds {{ opened 10% after about 2h }}
      }}
    }}
  }}

  stage offering "Offering" {{
    if customer.orders > {n} and customer.value >= 20 EUR {{
      split test {{
        50% coupon {{ wait 1d }}
        50% control {{ wait 2d }}
      }}
    }} otherwise if customer.value < 10 EUR {{
      exit lost "Too little"
    }}
    repeat up to 3 times every 7d until clicked {{
      touchpoint nudge "Nudge" {{
        send email {{ subject "One more thing"; text "Have you seen this?" }}
        responds {{ clicked 5% after about 3h }}
      }}
    }}
    wait until monday at 09:00
    exit lost
  }}
}}
"""


def make(folder: Path, files: int) -> None:
    (folder / "safar.toml").write_text('[project]\nname = "many"\njourneys = ["."]\n', encoding="utf-8")
    (folder / "vocabulary.journey").write_text(VOCABULARY, encoding="utf-8")
    for n in range(files):
        text = JOURNEY.format(n=n, share=40 + n % 30)
        assert text.count("\n") == LINES, text.count("\n")
        (folder / f"j{n:04}.journey").write_text(text, encoding="utf-8")


def spent(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a command that must succeed, its children's included."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{(done.stdout + done.stderr)[:2000]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def median(command: list[str], folder: Path, times: int) -> tuple[float, float]:
    spent(command, folder)
    measured = [spent(command, folder) for _ in range(times)]
    return statistics.median(wall for wall, _ in measured), statistics.median(cpu for _, cpu in measured)


def main() -> None:
    safar = [sys.executable, "-m", "safar"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, FILES)
        wall, cpu = median([*safar, "check", "--no-cache"], folder, 3)
        print(f"check of {FILES:,} files of {LINES} lines: {wall:.2f} s wall, {cpu:.2f} s CPU (goal: 4 s wall)")
        _, cpu = median([*safar, "--version"], folder, 9)
        print(f"--version: {1000 * cpu:.0f} ms CPU (goal: 60 ms)")
        _, cpu = median([*safar, "check", "--no-cache", "j0000.journey"], folder, 9)
        print(f"check of one file: {1000 * cpu:.0f} ms CPU (goal: 150 ms)")


if __name__ == "__main__":
    main()
