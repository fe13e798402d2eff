"""A program made ready for columns, once for all customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safar.engine.simulate.columns.arrivals import Arrivals
from safar.engine.simulate.columns.attempts import Attempt
from safar.engine.simulate.columns.batch import Batch, Token
from safar.engine.simulate.columns.calendar import Atlas
from safar.engine.simulate.columns.calendars import Calendar
from safar.engine.simulate.columns.column import Interner
from safar.engine.simulate.columns.echoes import Echo
from safar.engine.simulate.columns.entries import Entering
from safar.engine.simulate.columns.expressions import Expr
from safar.engine.simulate.columns.followed import After, Beyond, Gone
from safar.engine.simulate.columns.goals import GoalPlan
from safar.engine.simulate.columns.history import Memory
from safar.engine.simulate.columns.marks import Counting, Point, Timing
from safar.engine.simulate.columns.people import People
from safar.engine.simulate.columns.routes import Routes
from safar.engine.simulate.columns.sources import Answering
from safar.engine.simulate.columns.splits import Split
from safar.engine.simulate.columns.spots import Spot
from safar.engine.simulate.columns.streams import Stream
from safar.engine.simulate.columns.traffic import Concern, How
from safar.engine.simulate.columns.visits import Visits
from safar.engine.simulate.make import make
from safar.engine.simulate.spread import Formulas
from safar.engine.simulate.world import World

if TYPE_CHECKING:
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.effects import Action
    from safar.engine.simulate.columns.meeting import Delivery


class Common:
    """What the plans of all journeys of a world share."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shared = make(world)
        self.project = world.programs[0].project
        self.codes = Interner()
        self.persona_names = tuple(self.project.vocabulary.personas)
        for name in self.persona_names:
            self.codes.code(name)  # the code of a persona is its number
        self.atlas = Atlas(self.project, self.codes)
        self.people = People(self.project, world.seed, world.start, self.codes, self.atlas)


class Plan:
    """Everything that the chunks of one of a world's journeys share.

    `together`: others are on the same timeline; `visits` are then the ways in which customers come, `echoes` the events
    of others that the journey hears, and `minds` is what else it asks of what they may leave.
    `turns` gives each place its turn, `order` the place of each turn; `needed` what runs must carry there.
    `sources` is the number of all that may become due; `watches` says that loops or waits are about conditions;
    `deeds` are the deliveries and actions that runs hear;
    `planned_by` are the calendars about an attribute.
    """

    spots: list[Spot]
    needed: list[frozenset[Token]]
    goals: tuple[GoalPlan, ...]
    exits: dict[str, tuple[GoalPlan, ...]]
    splits: tuple[Split, ...]
    timings: tuple[Timing, ...]
    deeds: Sequence[Action | Delivery] = ()
    customers: dict[Counting, Expr | None]
    lines: list[Answering]
    streams: tuple[Stream, ...]
    calendars: tuple[Calendar, ...]
    attempts: dict[str, Attempt]
    planned_by: dict[str, tuple[Calendar, ...]]
    counters: dict[int, int]
    entering: Entering
    arrivals: Arrivals
    held_out: After
    ended: dict[str, tuple[Point, ...]]
    unfinished: tuple[Point, ...]
    sources = actions = 0
    arriving = watches = shares_revenue = False
    visits: tuple[Visits, ...] = ()
    echoes: tuple[Echo, ...] = ()

    def __init__(self, common: Common, number: int) -> None:
        self.world, self.shared, self.number = common.world, common.shared, number
        self.track, self.program = self.shared.tracks[number], self.world.programs[number]
        self.together = len(self.world.programs) > 1
        self.minds: dict[Concern, How] = {}
        self.project = common.project
        self.part = self.track.part
        self.formulas = Formulas(self.program)
        self.codes, self.atlas, self.people = common.codes, common.atlas, common.people
        self.persona_names = common.persona_names
        self.memory = Memory(self.codes)
        self.routes = Routes(self.program)
        self.order = self.routes.turns()
        self.turns = [0] * len(self.order)
        for turn, place in enumerate(self.order):
            self.turns[place] = turn
        self.gone = Gone()

    def beyond(self, places: Sequence[Beyond]) -> None:
        """Places that are none of the program's have their turns after those."""
        for place in places:
            place.number = len(self.spots)
            self.order.append(place.number)
            self.turns.append(place.number)
            self.spots.append(place)
            self.needed.append(frozenset())

    def begin(self, chunk: Chunk, everybody: Batch) -> None:
        """All customers of a chunk are on their way, or wait for the calendar."""
        for one in self.calendars:
            one.plan(chunk, everybody.rows, self.shared.start - 1)
        if self.arriving:
            self.arrivals.come(chunk, everybody)
        for visits in self.visits:
            visits.come(chunk, everybody)
        for echo in self.echoes:
            echo.begin(chunk)
        self.gone.take(chunk, everybody)
