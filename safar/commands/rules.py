"""`safar rules`."""

from __future__ import annotations

import json
import sys

import click

from safar import api
from safar.commands.options import HELP


@click.command(context_settings=HELP)
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", help="How to print them."
)
def command(form: str) -> int:
    """List all rules: code, name, severity and what each finds; `off` are those that count where they are selected.

    \b
    safar rules
    safar rules --format json
    """
    pages = api.rules()
    if form == "json":
        rows = [
            {
                "rule": p.name,
                "code": p.code,
                "severity": p.severity.value,
                "default": p.default,
                "summary": p.summary,
            }
            for p in pages
        ]
        sys.stdout.write(json.dumps({"format_version": 1, "rules": rows}, ensure_ascii=False, indent=1) + "\n")
        return 0
    if form == "markdown":
        from safar.pages import index

        sys.stdout.write(index())
        return 0
    wide = max(len(page.name) for page in pages)
    for page in pages:
        state = "" if page.default else "off: "
        sys.stdout.write(f"{page.code}  {page.name:<{wide}}  {page.severity.value:<7}  {state}{page.summary}\n")
    return 0
