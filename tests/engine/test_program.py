"""Journeys as programs: every kind of step worked by hand, names of nodes, interrupts, loops and jumps."""

from __future__ import annotations

import pytest

from safar.dsl.read import read_text
from safar.engine.moves import (
    After,
    Clock,
    Count,
    Deliver,
    DoAction,
    Draw,
    Effect,
    Exit,
    GiveTask,
    Jump,
    Move,
    SetAttribute,
    StartJourney,
    Wait,
)
from safar.engine.program import Program, lower

VOCABULARY = """
customer { email_ok: yes_no = no; orders: integer = 0 growing; renewal: date? }
event order_placed
event opened
event cart_updated
team crm
action issue_coupon { code: text }
channel email {
  outbound
  only if customer.email_ok
  at most 3 per 7d then skip
  quiet from 22:00 to 08:00 then wait up to 1d
}
channel sms { outbound; at most 1 per 7d then skip }
"""


def program(stages: str, header: str = "") -> Program:
    journey = f"journey j {{\n  enter on order_placed\n  {header}\n{stages}\n}}\n"
    reading = read_text(f"{VOCABULARY}{journey}journey other {{ stage s {{ }} }}\n")
    assert not reading.findings
    return lower(reading.project, reading.project.journeys["j"])


def stage(steps: str, header: str = "") -> Program:
    return program(f"stage s {{\n{steps}\n}}", header)


def way(made: Program) -> list[Move]:
    """The moves on the first way from the entry, jumps left out, until an exit or back where it was."""
    at = made.resolve(made.start)
    seen: set[int] = set()
    moves: list[Move] = []
    while at not in seen:
        seen.add(at)
        moves.append(made.places[at].move)
        onward = made.edges(at)
        if not onward:
            break
        at = onward[0].end
    return moves


def edges(made: Program, node: str) -> set[tuple[str, str]]:
    """The ways out of a node: kind, and node at the other end."""
    place = next(place for place in made.places if place.node == node)
    return {(edge.kind, made.places[edge.end].node) for edge in made.edges(place.id)}


# --- each kind of step


def test_effects_take_no_time_and_go_on() -> None:
    made = stage('do issue_coupon(code = "A")\nset customer.orders = 3\ntask crm "Call"\nstart other')
    kinds = [type(move.effect) for move in way(made) if isinstance(move, Effect)]
    assert kinds == [DoAction, SetAttribute, GiveTask, StartJourney]
    assert isinstance(way(made)[-1], Exit)
    assert all(edge.high == 0 for place in made.places for edge in made.ways(place.id))


def test_wait_takes_its_time_surely() -> None:
    made = stage("wait 2d")
    (wait,) = [place for place in made.places if isinstance(place.move, Wait)]
    assert wait.move.deadline == After(172_800)  # type: ignore[union-attr]
    (edge,) = made.edges(wait.id)
    assert (edge.low, edge.high, edge.sure, edge.label) == (172_800, 172_800, True, "2d")


def test_wait_until_a_time_of_day_is_later_than_now() -> None:
    made = stage("wait until 09:00\nwait until monday at 09:00")
    first, second = (place for place in made.places if isinstance(place.move, Wait))
    assert first.move.deadline == Clock(9 * 3600)  # type: ignore[union-attr]
    assert second.move.deadline == Clock(9 * 3600, "monday")  # type: ignore[union-attr]
    assert [(e.low, e.high, e.sure) for e in made.edges(first.id)] == [(1, 2 * 86_400, True)]
    assert [(e.low, e.high, e.sure) for e in made.edges(second.id)] == [(1, 8 * 86_400, True)]


def test_wait_until_a_date_may_be_past_and_is_never_sure() -> None:
    made = stage("wait until 3d before customer.renewal otherwise { exit late }")
    assert edges(made, "s/wait_until") == {("next", "exit:completed"), ("passed", "exit:late")}
    place = next(place for place in made.places if place.node == "s/wait_until")
    assert not any(edge.sure for edge in made.edges(place.id))


def test_wait_until_without_otherwise_has_one_way() -> None:
    assert edges(stage("wait until 3d before customer.renewal"), "s/wait_until") == {("next", "exit:completed")}


def test_wait_for_ends_by_the_pattern_or_by_time() -> None:
    made = stage("wait for opened up to 3d { exit a } otherwise { exit b }")
    assert edges(made, "s/wait_for") == {("pattern", "exit:a"), ("timeout", "exit:b")}
    place = next(place for place in made.places if place.node == "s/wait_for")
    by_kind = {edge.kind: edge for edge in made.edges(place.id)}
    assert (by_kind["pattern"].low, by_kind["pattern"].high, by_kind["pattern"].sure) == (0, 259_200, False)
    assert (by_kind["timeout"].low, by_kind["timeout"].sure) == (259_200, True)
    assert by_kind["pattern"].label == "opened"


def test_wait_for_without_bodies_goes_on_either_way() -> None:
    made = stage("wait for opened up to 3d\nexit done")
    assert edges(made, "s/wait_for") == {("pattern", "exit:done"), ("timeout", "exit:done")}


def test_wait_up_to_takes_the_first_of_several() -> None:
    made = stage("wait up to 3d { for opened { exit a }; for cart_updated { }\n otherwise { exit c } }\nexit d")
    place = next(place for place in made.places if place.node == "s/wait_up_to")
    assert [(edge.kind, made.places[edge.end].node) for edge in made.edges(place.id)] == [
        ("pattern", "exit:a"),
        ("pattern", "exit:d"),
        ("timeout", "exit:c"),
    ]


def test_if_goes_on_where_it_has_no_otherwise() -> None:
    made = stage("if customer.email_ok { exit yes_way }\nexit no_way")
    assert edges(made, "s/if") == {("true", "exit:yes_way"), ("false", "exit:no_way")}


def test_otherwise_if_is_a_branch_in_the_otherwise() -> None:
    made = stage("if customer.orders > 3 { exit a } otherwise if customer.orders > 1 { exit b } otherwise { exit c }")
    assert edges(made, "s/if") == {("true", "exit:a"), ("false", "s/if-2")}
    assert edges(made, "s/if-2") == {("true", "exit:b"), ("false", "exit:c")}


def test_split_has_an_arm_for_each_share() -> None:
    made = stage("split test { 33.3% a { exit x }; 66.7% b { } }")
    draw = next(place.move for place in made.places if isinstance(place.move, Draw))
    assert draw.split == "test"
    assert sum(arm.share for arm in draw.arms) == 1
    assert edges(made, "test") == {("arm", "exit:x"), ("arm", "exit:completed")}
    assert {edge.label for edge in made.edges(draw_place(made))} == {"33.3% a", "66.7% b"}


def draw_place(made: Program) -> int:
    return next(place.id for place in made.places if isinstance(place.move, Draw))


def test_touchpoint_is_a_delivery_and_a_held_message_takes_time() -> None:
    made = stage('touchpoint a { send email { text "x" } }\ntouchpoint b { send sms { text "x" } }\ntouchpoint c { }')
    delivers = [place for place in made.places if isinstance(place.move, Deliver)]
    assert [edge.high for place in delivers for edge in made.edges(place.id)] == [86_400, 0, 0]
    assert [made.rests(place.id) for place in delivers] == [True, False, False]


def test_a_transactional_message_is_never_held() -> None:
    made = stage('touchpoint a { send email { text "x" }; transactional }')
    assert not any(made.rests(place.id) for place in made.places)


# --- loops


def test_repeat_counts_rounds_and_leads_back_to_its_head() -> None:
    made = stage("repeat up to 3 times every 7d until order_placed { wait 1d }\nexit done")
    head = next(place for place in made.places if isinstance(place.move, Count))
    assert isinstance(head.move, Count)
    assert (head.move.limit, head.move.every) == (3, 604_800)
    assert edges(made, "s/repeat") == {("round", "s/wait"), ("done", "exit:done")}
    assert edges(made, "s/wait") == {("next", "s/repeat")}
    loop = made.scopes[head.move.loop]
    assert loop.kind == "loop"
    assert [scope.kind for scope in made.around(head.move.body)] == ["loop", "stage", "journey"]


def test_a_repeat_without_a_rhythm_takes_no_time_of_its_own() -> None:
    made = stage("repeat up to 3 times { }")
    head = next(place for place in made.places if isinstance(place.move, Count))
    assert [edge.high for edge in made.ways(head.id)] == [0, 0]
    assert not made.rests(head.id)


def test_until_takes_a_run_out_of_the_loop_wherever_it_rests() -> None:
    made = stage("repeat up to 3 times until order_placed { wait 1d }\nexit done")
    inside = next(place for place in made.places if place.node == "s/wait")
    assert [made.places[edge.end].node for edge in made.interrupts(inside.id)] == ["exit:done"]


def test_a_loop_in_a_loop_has_its_own_scope() -> None:
    made = stage("repeat up to 2 times { repeat up to 3 times { wait 1d } }")
    inner = next(place for place in made.places if place.node == "s/wait")
    assert [scope.name for scope in made.around(inner.id) if scope.kind == "loop"] == ["s/repeat-2", "s/repeat"]
    assert edges(made, "s/repeat-2") == {("round", "s/wait"), ("done", "s/repeat")}


def test_an_empty_loop_leads_to_itself() -> None:
    assert edges(stage("repeat up to 2 times { }"), "s/repeat") == {("round", "s/repeat"), ("done", "exit:completed")}


# --- stages, jumps, exits


def test_stages_run_in_order_and_the_last_one_completes() -> None:
    made = program("stage a { wait 1d }\nstage b { }\nstage c { wait 2d }")
    assert edges(made, "a/wait") == {("next", "c/wait")}
    assert edges(made, "c/wait") == {("next", "exit:completed")}


def test_go_to_leads_to_stages_and_named_steps_in_both_directions() -> None:
    made = program("stage a { wait 1d\n go to deep }\nstage b { if opened { wait 2d as deep }; go to a }")
    assert edges(made, "a/wait") == {("next", "deep")}
    # Behind the step inside the `if`, the run goes on behind the `if`: back to the first stage.
    assert edges(made, "deep") == {("next", "a/wait")}


def test_a_circle_of_bare_jumps_ends_where_it_began() -> None:
    made = program("stage a { go to b }\nstage b { go to a }")
    assert isinstance(made.places[made.resolve(made.start)].move, Jump)


def test_a_journey_without_stages_completes_at_once() -> None:
    reading = read_text("event e\njourney j { enter on e }")
    made = lower(reading.project, reading.project.journeys["j"])
    assert made.places[made.resolve(made.start)].move == Exit("completed")


# --- interrupts


def test_interrupts_act_from_the_innermost_scope_out_and_only_where_a_run_rests() -> None:
    made = program(
        'stage a {\n on opened exit seen\n task crm "x"\n wait 1d\n}\nstage b { wait 2d }',
        "on order_placed exit won",
    )
    at = {place.node: place.id for place in made.places}
    assert [edge.label for edge in made.interrupts(at["a/wait"])] == ["on opened", "on order_placed"]
    assert [edge.label for edge in made.interrupts(at["b/wait"])] == ["on order_placed"]
    assert made.interrupts(at["a/task"]) == ()


def test_an_interrupt_without_a_jump_leaves_the_run_where_it_is() -> None:
    made = stage("wait 1d", 'on opened if customer.orders > 1 task crm "Call"')
    (handler,) = made.scopes[0].handlers
    assert handler.to is None
    assert handler.effect == GiveTask("crm", "Call")
    assert handler.pattern.alternatives[0].condition is not None
    assert made.interrupts(0) == ()


def test_an_interrupt_may_jump_to_a_stage_and_its_exit_stands_in_no_stage() -> None:
    made = program("stage a { wait 1d }\nstage b { wait 2d }", "on opened go to b\n on order_placed exit won")
    wait = next(place.id for place in made.places if place.node == "a/wait")
    ends = [made.places[edge.end] for edge in made.interrupts(wait)]
    assert [(place.node, place.stage) for place in ends] == [("b/wait", "b"), ("exit:won", "")]


# --- names


def test_nodes_are_named_by_the_writer_or_by_stage_and_kind() -> None:
    made = program('stage a { wait 1d\n wait 2d as cooling\n wait 3d\n task crm "x" }\nstage خرید { wait 1d }')
    steps = [place.node for place in made.places if place.step is not None]
    assert steps == ["a/wait", "cooling", "a/wait-2", "a/task", "خرید/wait"]


def test_exits_of_one_name_are_one_node() -> None:
    made = stage("if opened { exit lost } otherwise { exit lost }")
    assert [place.node for place in made.places if isinstance(place.move, Exit)].count("exit:lost") == 2


@pytest.mark.parametrize("name", ["خريد", "خرید"])
def test_a_jump_finds_a_name_that_only_looks_different(name: str) -> None:
    reading = read_text(f"event e\njourney j {{ enter on e\n stage a {{ go to {name} }}\n stage خرید {{ wait 1d }} }}")
    made = lower(reading.project, reading.project.journeys["j"])
    assert made.places[made.resolve(made.start)].node == "خرید/wait"


def test_reachable_leaves_out_what_no_way_leads_to() -> None:
    made = program("stage a { wait 1d\n exit done\n wait 2d }")
    assert {made.places[place].node for place in made.reachable()} == {"a/wait", "exit:done"}


def test_every_way_leads_to_a_place() -> None:
    made = stage(
        "repeat up to 2 times { if opened { wait 1d as deep } otherwise { exit a } }\n"
        'split t { 50% x { task crm "x" }; 50% y { } }\nwait up to 2d { for opened { go to s } }'
    )
    numbers = set(range(len(made.places)))
    assert {edge.end for place in numbers for edge in (*made.ways(place), *made.edges(place))} <= numbers
    assert [place.id for place in made.places] == sorted(numbers)
