"""The file of the same name in the other spelling, and what a converted file calls the files that it uses."""

from __future__ import annotations

import os
from pathlib import Path

from safar.dsl.files import ENDINGS, is_yaml_path


def twin(name: str) -> str:
    """The name of a file in the other spelling.

    >>> twin("cart.journey"), twin("shop/cart.journey.yaml")
    ('cart.journey.yaml', 'shop/cart.journey')
    """
    ending = max((one for one in ENDINGS if name.endswith(one)), key=len, default="")
    return name.removesuffix(ending) + (".journey" if is_yaml_path(name) else ".journey.yaml")


def is_spelled(name: str, to: str) -> bool:
    """Whether a file of this name is one in `to`, which is `dsl` or `yaml`."""
    return name.endswith(ENDINGS) and is_yaml_path(name) == (to == "yaml")


def called_from(folder: Path, target: Path, said: str) -> str:
    """What a file in `target` calls the file that one in `folder` calls `said`.

    The same, if that leads to a file there; else that file's twin there; else the way back to the same file.
    """
    if folder == target or (target / said).is_file():
        return said
    if (target / twin(said)).is_file():
        return twin(said)
    if (folder / said).is_file():
        return Path(os.path.relpath(folder / said, target)).as_posix()
    return said
