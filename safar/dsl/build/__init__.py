"""Syntax trees to the model: names resolved, expressions typed."""

from __future__ import annotations

from safar.dsl.build.file import Built, build

__all__ = ["Built", "build"]
