"""Moves made ready: what a run does at each kind of place."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from safar.engine import moves, spelling
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.simulate import chance, phrases
from safar.engine.simulate.deadlines import ending
from safar.engine.simulate.effects import effect
from safar.engine.simulate.evaluate import ready
from safar.engine.simulate.happening import What
from safar.engine.simulate.history import NOTHING
from safar.engine.simulate.making import Making
from safar.engine.simulate.meeting import Meeting
from safar.engine.simulate.patterns import stands
from safar.engine.simulate.run import Loop, Run, State
from safar.engine.simulate.track import Act, Standing, Way
from safar.engine.simulate.words import reason

if TYPE_CHECKING:
    from safar.engine.simulate.life import Life


def way_to(program: Program, place: int, label: str) -> Way:
    """The way to a place, jumps followed; a `go to` to the head of a loop begins the loop anew."""
    end, anew = program.led(place)
    return end, label, anew


def ways_of(program: Program, place: int) -> dict[str, tuple[Way, ...]]:
    """The ways out of a place, by kind, in order."""
    ways: dict[str, tuple[Way, ...]] = {}
    for edge in program.ways(place):
        ways[edge.kind] = (*ways.get(edge.kind, ()), way_to(program, edge.end, edge.label))
    return ways


def acts(move: moves.Move, making: Making) -> tuple[Act, Act]:
    """What a run does that comes to the place, and what one does that is woken there by time."""
    match move:
        case moves.Deliver():
            meeting = Meeting(move.touchpoint, making)
            return meeting.arrive, meeting.ask
        case moves.Effect(effect=kind):
            return _once(_effect(kind, making))
        case moves.Branch():
            return _once(_branch(move, making))
        case moves.Draw():
            return _once(_draw(move, making))
        case moves.Wait():
            return _wait(move, making)
        case moves.Count():
            return _count(move, making)
        case moves.Jump():
            return _once(_jump(making))
        case moves.Exit():
            return _once(_exit(move, making))
        case _:
            assert_never(move)


def _once(act: Act) -> tuple[Act, Act]:
    return act, act


def _jump(making: Making) -> Act:
    """Only a jump that leads to itself is ever stood on; the steps of one instant run out there."""
    way = making.way("next")
    return lambda life, run: way


def _effect(kind: moves.EffectKind, making: Making) -> Act:
    do, node, way = effect(kind, making.project), making.node, making.way("next")

    def act(life: Life, run: Run) -> Way | None:
        do(life, run, node, NOTHING)
        return way

    return act


def _branch(move: moves.Branch, making: Making) -> Act:
    condition, because, node = ready(move.condition), reason(move.condition, making.project), making.node
    yes, no = making.way("true"), making.way("false")

    def act(life: Life, run: Run) -> Way | None:
        met = condition(life, run, NOTHING) is True
        why = because(life, run, NOTHING) if life.words else ""
        life.note(What.BRANCH, run, step=node, why=why, detail="true" if met else "false")
        return yes if met else no

    return act


def _draw(move: moves.Draw, making: Making) -> Act:
    part, split, node = chance.together(making.journey_part, chance.name_part(move.split)), move.split, making.node
    ends = chance.thresholds(arm.share for arm in move.arms)
    arms = [(arm.name, f"{spelling.percent(arm.share)} {arm.name}") for arm in move.arms]
    names = tuple(arm.name for arm in move.arms)
    ways = making.ways["arm"]

    def act(life: Life, run: Run) -> Way | None:
        chosen = life.arm(split, names, chance.mix(life.key, part), ends)
        if chosen is None:
            life.note(What.ARM, run, step=node, why="no arm is taken here, and nothing is drawn")
            run.end(life.now)
            return None
        name, why = arms[chosen]
        run.arms[split] = name
        life.note(What.ARM, run, step=node, why=why, detail=name)
        return ways[chosen]

    return act


def _exit(move: moves.Exit, making: Making) -> Act:
    node, outcome, why, folded = making.node, move.outcome, move.why, fold(move.outcome)

    def act(life: Life, run: Run) -> Way | None:
        life.exit_goals(run, folded)
        life.note(What.EXIT, run, step=node, why=why, detail=outcome)
        life.leave(run, outcome)
        return None

    return act


# --- waits


def _standing(move: moves.Wait, making: Making) -> list[tuple[Way, Standing]]:
    """Ways that may hold already when the wait begins."""
    ways = zip(making.ways.get("pattern", ()), move.ways, strict=True)
    return [(way, test) for way, written in ways if (test := stands(written.pattern)) is not None]


def _wait(move: moves.Wait, making: Making) -> tuple[Act, Act]:
    node, end, standing = making.node, ending(move.deadline, making.project), _standing(move, making)
    then = making.way("timeout" if move.ways else "next")
    passed = making.ways.get("passed", (then,))[0]
    hoped = phrases.hoped(way[1] for way in making.ways.get("pattern", ()))

    def enter(life: Life, run: Run) -> Way | None:
        for way, holds in standing:
            if holds(life, run):
                life.note(What.WOKEN, run, step=node, why=phrases.already(way[1]), detail=way[1])
                return way
        until = end(life, run)
        if until is None or until < life.now:
            life.note(What.WOKEN, run, step=node, why="unknown" if until is None else "past", detail="passed")
            return passed
        if until == life.now:
            life.note(What.WOKEN, run, step=node, why="now", detail="time")
            return then
        why = phrases.waiting(hoped, until, life.zone) if life.words else ""
        life.note(What.WAITING, run, step=node, why=why)
        life.rest(run, until, State.WAITING)
        return None

    def resume(life: Life, run: Run) -> Way | None:
        life.note(What.WOKEN, run, step=node, why=phrases.TIME_IS_UP, detail="time")
        return then

    return enter, resume


def _count(move: moves.Count, making: Making) -> tuple[Act, Act]:
    node, number, limit, every = making.node, move.loop, move.limit, move.every
    body, done, own = making.way("round"), making.way("done"), making.until

    def begin_round(life: Life, run: Run) -> Way | None:
        loop = run.loops[number]
        if loop.rounds >= limit:
            del run.loops[number]
            return done
        due = loop.began + loop.rounds * (every or 0)
        if due > life.now:
            why = phrases.between_rounds(loop.rounds + 1, limit, due, life.zone) if life.words else ""
            life.note(What.WAITING, run, step=node, why=why)
            life.rest(run, due, State.WAITING)
            return None
        loop.rounds += 1
        return body

    def enter(life: Life, run: Run) -> Way | None:
        if number not in run.loops:
            run.loops[number] = Loop(life.now, life.history.length)
            for jumper in own:
                if jumper.stands(life, run):
                    del run.loops[number]
                    why = phrases.already(jumper.label)
                    life.note(What.INTERRUPTED, run, step=node, why=why, detail=jumper.label)
                    return jumper.way
        return begin_round(life, run)

    def resume(life: Life, run: Run) -> Way | None:
        life.note(What.WOKEN, run, step=node, why=phrases.TIME_IS_UP, detail="time")
        return begin_round(life, run)

    return enter, resume
