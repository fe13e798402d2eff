"""What a customer did before he came, and what he does in other runs, is part of the world of a proof."""

from __future__ import annotations

import pytest

from safar.dsl.read import read_text
from safar.engine.claims.judge import broken
from safar.engine.claims.telling import Teller
from safar.engine.diagnostic import Severity
from safar.engine.program import lower
from safar.engine.prove.rules import Systems, questions, verdict
from safar.engine.prove.verdict import Outcome, Verdict

VOCABULARY = """
customer { ok: yes_no = no }
event order { id: text; size: integer? }
event numbered { id: text key; line: integer; kind: one of a, b; gift: yes_no; on_day: date }
event called
channel email { outbound }
channel letter { outbound; at most 1 per 12h then skip }
channel sms { outbound; at most 2 per 2d then skip }
action coupon { code: text }
"""
MAIL = 'touchpoint mail { send email { text "a" } }'


def proven(head: str, rule: str, body: str = MAIL) -> Verdict:
    """The verdict on a rule of a journey with that head."""
    text = f"{VOCABULARY}\njourney it {{\n{head}\nrule asked {{ {rule} }}\nstage begin {{\n{body}\n}}\n}}"
    reading = read_text(text)
    assert [one.message for one in reading.findings if one.severity is Severity.ERROR] == []
    asked = list(questions([lower(reading.project, one) for one in reading.project.journeys.values()]))
    found = verdict(asked[0], Systems(asked))
    if found.counterexample is not None:
        telling = Teller(asked[0].programs[0]).tell(found.counterexample.scenario)
        assert found.rule.claim is not None
        assert not (telling.unanswered or telling.untaken or telling.again)
        assert broken(found.rule.claim, telling.told) == found.counterexample.broken
    return found


@pytest.mark.parametrize("per", ["customer", "1d", "calendar day", "calendar week"])
def test_runs_side_by_side_are_counted_together(per: str) -> None:
    """With `per id` one mail in each run is any number for the customer; a limit of the channel holds all the same."""
    found = proven("enter on order per id", f"at most 3 mail per {per}")
    assert found.outcome is Outcome.REFUTED
    assert found.counterexample is not None
    assert len(found.counterexample.story.runs) == 4
    assert proven("enter on order per id", f"at most 0 coupon per {per}").outcome is Outcome.PROVED
    assert proven("enter on order per id", "at most 1 mail per run").outcome is Outcome.PROVED


def test_limits_hold_over_runs_side_by_side() -> None:
    body = 'touchpoint text_1 { send sms { text "a" } }'
    assert proven("enter on order per id", "at most 2 sms per 2d", body).outcome is Outcome.PROVED
    assert proven("enter on order per id", "at most 1 sms per 2d", body).outcome is Outcome.REFUTED


def test_runs_side_by_side_begin_as_far_apart_as_limits_want() -> None:
    body = 'touchpoint note { send letter { text "a" } }'
    found = proven("enter on order per id", "at most 2 letter per 7d", body)
    assert found.outcome is Outcome.REFUTED
    assert found.counterexample is not None
    began = [run.began for run in found.counterexample.story.runs]
    assert [one - began[0] for one in began] == [0, 12 * 3_600, 24 * 3_600]


@pytest.mark.parametrize("field", ["id", "line", "kind", "gift", "on_day"])
def test_every_type_of_field_tells_runs_apart(field: str) -> None:
    found = proven(f"enter on numbered per {field}", "at most 1 mail per customer")
    assert found.outcome is Outcome.REFUTED


def test_an_event_before_the_entry_is_no_event_since() -> None:
    """What an `enter` line asks of history is about the time before the run, of which a proof knows nothing."""
    for asked in ("called", "order where size > 1", "count(called) >= 2", "called within 1d", "since(called) > 1d"):
        assert proven(f"enter on order if {asked}", "never mail").outcome is Outcome.REFUTED
        assert proven(f"enter on order if {asked}", "never coupon").outcome is Outcome.PROVED
    assert proven("enter on order if called", "never mail before called").outcome is Outcome.REFUTED


@pytest.mark.parametrize("condition", ["%s", "count(%s) >= 1"])
def test_what_another_journey_does_at_the_same_instant_comes_first(condition: str) -> None:
    """Both begin by one order; the one with the touchpoint of higher priority acts first."""
    text = """
event order
channel site { inbound }
action coupon { code: text }
action gift
journey it {
  enter on order if count(coupon) == 0 and count(gift) == 0
  rule asked { never later }
  stage here { if %s { touchpoint later { at site; priority low } } }
}
journey other {
  enter on order
  stage there { touchpoint sooner { at site; priority high; do coupon(code = "A") } }
}"""
    verdicts = {}
    for action in ("coupon", "gift"):
        project = read_text(text % (condition % action)).project
        asked = list(questions([lower(project, one) for one in project.journeys.values()]))
        verdicts[action] = verdict(asked[0], Systems(asked)).outcome
    assert verdicts == {"coupon": Outcome.UNDECIDED, "gift": Outcome.PROVED}
