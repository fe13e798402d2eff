"""What every worker does, in whatever kind of process: one portion of a job."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path

import msgspec

import safar
from safar import choosing
from safar.checking import Ground
from safar.engine.simulate import population
from safar.engine.simulate.life import LimitExceededError
from safar.engine.simulate.partition import tally
from safar.errors import JourneyError, SelectionError
from safar.filed import some
from safar.scale import spool
from safar.scale.job import Answer, Job, Task


def work(job: bytes, task: bytes) -> bytes:
    """The answer to a task of a job, all three as MessagePack."""
    try:
        answer = _answer(job, msgspec.msgpack.decode(task, type=Task))
    except LimitExceededError as wrong:
        answer = Answer(wrong=str(wrong), limit=True)
    except (SelectionError, JourneyError, OSError) as wrong:
        answer = Answer(wrong=str(wrong))
    return msgspec.msgpack.encode(answer)


@functools.lru_cache(maxsize=1)
def _prepared(job: bytes) -> tuple[Job, choosing.Chosen]:
    """A worker reads the journey once for all its portions."""
    told = msgspec.msgpack.decode(job, type=Job)
    if told.version != safar.__version__:
        raise SelectionError(f"a worker has Safar {safar.__version__}, but it is called by {told.version}")
    ground = Ground(None if told.project is None else Path(told.project), told.limits)
    return told, (choosing.choose_all if told.together else choosing.choose)(told.journey, ground)


def _answer(packed: bytes, task: Task) -> Answer:
    job, chosen = _prepared(packed)
    made_up = job.customers is None and job.events is None
    first, last = task.portion.first, task.portion.last
    with contextlib.ExitStack() as opened:
        options: population.Options = {
            "customers": population.Generated(chosen.project, job.seed, job.start, first, last)
            if made_up
            else some(chosen.project, job.crowd, task.portion),
            "n": job.size,
            "seed": job.seed,
            "start": job.start,
            "days": job.days,
            "engine": job.engine,
            "traces": opened.enter_context(spool.lines(job, task)) if job.traces else None,
            "results": opened.enter_context(spool.records(job, task)) if job.results else None,
        }
        if job.together:
            return Answer.of(tally(population.simulate_all(chosen.project, **options)))
        return Answer.of(tally(population.simulate(chosen.project, chosen.name, **options)))
