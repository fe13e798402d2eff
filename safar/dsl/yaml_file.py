"""`.journey.yaml` -> the syntax tree that the other spelling gives too.

Text -> events -> nodes (`yaml_events`, `yaml_recovery`) -> statements (`yaml_statements`), whose clauses are the
DSL's own text (`yaml_clauses`).
"""

from __future__ import annotations

from safar.dsl import follow_ups, tree
from safar.dsl.limits import DEFAULT_LIMITS, Limits
from safar.dsl.reading_rules import WRONG_SHAPE
from safar.dsl.yaml_clauses import Reading
from safar.dsl.yaml_nodes import Mapping, is_damaged, is_empty
from safar.dsl.yaml_recovery import read_nodes
from safar.dsl.yaml_statements import Statements
from safar.engine.diagnostic import Diagnostic
from safar.engine.source import Source, Span


def read_yaml(source: Source, limits: Limits = DEFAULT_LIMITS) -> tuple[tree.File, tuple[Diagnostic, ...]]:
    """What could be read of a YAML file, and what is wrong with it.  Raises nothing for any text.

    >>> file, findings = read_yaml(Source("a.journey.yaml", "teams: {crm: Customer care}"))
    >>> file.statements[0].form, findings
    ('team', ())
    """
    nodes = read_nodes(source, limits)
    reading = Reading(source, limits, nodes.findings)
    whole = Span(source, 0, len(source.text))
    root = nodes.root
    statements: list[tree.Statement] = []
    if isinstance(root, Mapping):
        statements = Statements(reading).lines("file", reading.entries(root).entries)
    elif root is not None and not is_damaged(root) and not is_empty(root):
        end = source.text.find("\n", root.start)
        reading.report(
            WRONG_SHAPE.at(
                Span(source, root.start, end if end >= 0 else len(source.text)),
                "a file begins with a key such as `journeys:`",
                label="not a mapping",
            )
        )
    findings = reading.finish(nodes.anchored)
    told = reading.stop or follow_ups.bounded(findings, limits, full=reading.is_full)
    return tree.File(whole, tuple(statements) if told is findings else ()), told
