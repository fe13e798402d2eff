"""One file with the files it uses: declared, then resolved."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from safar.dsl import tree
from safar.dsl.build import claims, forecasts, plans, scenarios, vocabulary
from safar.dsl.build.journeys import journeys
from safar.dsl.build.names import Context
from safar.engine.diagnostic import Diagnostic
from safar.engine.model import Project, Settings, Vocabulary

Place = tuple[str, int, int]


class Built(msgspec.Struct, frozen=True):
    """What a file says.  `used` are the places (`Span.key`) of the declarations that something referred to.

    Where names could be declared in a file that is missing it is not `complete`.
    """

    project: Project
    findings: tuple[Diagnostic, ...]
    used: frozenset[Place]
    complete: bool = True


class _Used(msgspec.Struct, frozen=True):
    """The vocabulary of the files that a file uses."""

    files: tuple[tree.File, ...]
    settings: Settings
    context: Context
    vocabulary: Vocabulary


_KEPT = 16
_known: list[_Used] = []


def build(main: tree.File, used: Sequence[tree.File], settings: Settings, *, complete: bool = True) -> Built:
    """The model of a file, its names resolved and its expressions typed.

    `used` are the files named by `use`, dependencies first; they give their vocabulary and the names of
    their journeys.  Findings are of all these files.  Nothing is raised for mistakes: what cannot be resolved is
    a finding and a harmless node.  Where a used file is missing (not `complete`), names may be declared there, and
    nothing is said of them.
    """
    base = _vocabulary(tuple(used), settings, complete)
    context = Context(settings, base.context)
    declarations = vocabulary.declare(context, main)
    context.bare = not used and all(one[0].kind == "journey" for one in declarations) and not any(context.attributes)
    words = vocabulary.build(context, declarations, base.vocabulary)
    own = journeys(context, [one for one in declarations if one[0].kind == "journey"])
    project = Project(
        settings=settings,
        vocabulary=_ruled(context, main, words),
        journeys=own,
        scenarios=scenarios.scenarios(context, main.statements),
        forecasts=forecasts.forecasts(context, main.statements),
        plans=plans.plans(context, main.statements),
    )
    found = (*base.context.found, *context.found)
    return Built(project, found, frozenset(base.context.referred | context.referred), context.complete)


def _ruled(context: Context, file: tree.File, words: Vocabulary) -> Vocabulary:
    """The vocabulary with a file's rules."""
    own = claims.of_project(context, file.statements)
    return msgspec.structs.replace(words, rules={**words.rules, **own}) if own else words


def _vocabulary(files: tuple[tree.File, ...], settings: Settings, complete: bool) -> _Used:
    """Built once for all the files that use the same ones."""
    for known in _known:
        if (known.settings, known.context.complete) == (settings, complete) and tuple(map(id, known.files)) == tuple(
            map(id, files)
        ):
            return known
    context = Context(settings)
    context.complete = complete
    declarations = [one for file in files for one in vocabulary.declare(context, file)]
    words = vocabulary.build(context, declarations, Vocabulary())
    for file in files:
        words = _ruled(context, file, words)
    made = _Used(files, settings, context, words)
    _known[_KEPT - 1 :] = []
    _known.insert(0, made)
    return made
