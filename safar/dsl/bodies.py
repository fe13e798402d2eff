"""Files with the texts of messages, which journeys name by `body file` and Safar never opens.

Who sends the message will: so the path must stay inside the project as that of a used file must.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from safar.dsl import tree
from safar.dsl.files import Loaded, Refused, Shelf, inside
from safar.engine.diagnostic import Diagnostic

_FORM = "body_file"


def outside(file: Loaded, shelf: Shelf) -> Iterator[Diagnostic]:
    """A finding for each path that leads out of the project, or over a symbolic link."""
    if "file" not in file.source.text:
        return
    folder = posixpath.dirname(file.source.path)
    for statement in tree.within(file.tree.statements):
        path = statement.values.get("path") if statement.form == _FORM else None
        if isinstance(path, tree.Text):
            said = "".join(part for part in path.parts if isinstance(part, str))
            found = inside(folder, said)
            refused = found if isinstance(found, Refused) else shelf.over_link(found)
            if refused is not None:
                yield refused.rule.at(path.span, refused.message, help=refused.help)
