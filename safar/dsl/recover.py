"""Going on after a mistake."""

from __future__ import annotations

from safar.dsl import syntax_rules as rules
from safar.dsl.parser import Parser
from safar.dsl.tokens import Token
from safar.dsl.values import Values


class Recovery:
    def __init__(self, values: Values, text: str, base: int = 0) -> None:
        self.values = values
        self.text = text
        self.base = base

    def mend(self, parser: Parser) -> bool:
        token = parser.tokens[parser.at]
        self.values.report(rules.SYNTAX, token[1], token[2], f"`{token[3][:60]}` does not fit here")
        return False
