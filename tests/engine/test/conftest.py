"""A small shop for scenarios, and scenarios told in it, in one spelling or the other."""

from __future__ import annotations

from typing import Any

import pytest

from safar.dsl.convert import convert_text
from safar.dsl.read import read_text
from safar.engine.claims.telling import Teller
from safar.engine.diagnostic import Severity
from safar.engine.model import Settings
from safar.engine.program import lower
from safar.engine.test.results import Tested
from safar.engine.test.scenarios import run_scenario

SHOP = """
customer {
  timezone: text? fixed
  email_ok: yes_no = yes
  name: text? private
  orders: integer = 0 growing
  points: number = 0
  value: money = 0 EUR
}
event order_placed { order_id: text key; total: money; then set customer.orders = customer.orders + 1 }
event opened
event complained
channel email {
  outbound; only if customer.email_ok; at most 2 per 7d then skip
  quiet from 22:00 to 08:00 then wait up to 1d
}
channel sms { outbound }
channel website { inbound }
tag offer
action coupon { code: text; tag offer }
persona planner { share 50% }
persona hunter { share 50% }
"""

JOURNEY = """
journey care {
  enter on order_placed if customer.value < 1000 EUR
  reenter always
  on complained exit sorry
  stage early {
    touchpoint thanks { send email { subject "Thanks" }; transactional }
    wait for opened(thanks) up to 2d as answer {
      touchpoint more { send email { subject "More" }; do coupon(code = "A"); tag offer }
    } otherwise {
      touchpoint again { send sms { text "Again" } }
    }
    split test { 50% a { touchpoint gift { at website } }; 50% b { } }
  }
  stage late {
    wait 3d
    if customer.orders >= 2 as often { touchpoint club { send email { subject "Club" } } }
    exit done
  }
}
"""

BASE = """
  start 2027-01-05 at 10:00 on order_placed with (order_id = "A1", total = 80 EUR)
  take test.a
  at +3h opened(thanks)
"""


class Shop:
    """Tells scenarios of the journey `care`, or of another text's journey."""

    vocabulary, journey, base = SHOP, JOURNEY, BASE

    def run(
        self, body: str, journey: str = JOURNEY, *, of: str = "care", yaml: bool = False, zone: str = "UTC"
    ) -> Tested:
        """What comes of the scenario of that body."""
        text, path = f'{SHOP}{journey}\nscenario "it" for {of} {{\n{body}\n}}\n', "text.journey"
        if yaml:
            text, path = convert_text(text, path, "yaml").text, "text.journey.yaml"
        reading = read_text(text, path, settings=Settings(timezone=zone))
        assert not [one.message for one in reading.findings if one.severity is Severity.ERROR]
        project = reading.project
        return run_scenario(Teller(lower(project, project.journeys[of])), project.scenarios[0])

    def said(self, body: str, journey: str = JOURNEY, **how: Any) -> list[str]:
        """The messages of what failed."""
        return [one.message for one in self.run(body, journey, **how).failures]


@pytest.fixture
def shop() -> Shop:
    return Shop()
