"""A syntax tree as `.journey` text, with the comments that it carries; `layout` gives it its form."""

from __future__ import annotations

from safar.dsl import tree
from safar.dsl.carry import Carried, Container
from safar.dsl.forms import forms
from safar.dsl.said import Said
from safar.engine.form import Clause, Kind


class TextWriter:
    def __init__(self, said: Said, carried: Carried) -> None:
        self.said = said
        self.carried = carried

    def block(self, block: Container) -> str:
        """The statements of a block, a line each or more, with a line end before each."""
        out = ""
        for number, one in enumerate(block.statements):
            if one.form == "otherwise_way" and number:
                out += ";"
            lead = self.carried.lead(one)
            for comment in lead.comments:
                out += "\n" * (1 + comment.blank) + comment.text
            out += "\n" * (1 + lead.blank) + self.statement(one)
        for comment in self.carried.end(block):
            out += "\n" * (1 + comment.blank) + comment.text
        return out

    def statement(self, one: tree.Statement) -> str:
        form = forms()[one.form]
        parts = [form.words] if form.words else []
        for clause in form.clauses:
            value = one.values.get(clause.field)
            if value is not None:
                parts.append(self.clause(clause, value))
        return " ".join(parts)

    def clause(self, clause: Clause, value: tree.Value | tree.Block | tree.Statement) -> str:
        if isinstance(value, tree.Statement):
            return self.statement(value)
        if not isinstance(value, tree.Block):
            return f"{clause.word} {self.value(clause, value)}".strip()
        word = clause.word if clause.kind is Kind.BODY else ""
        return f"{word} {self.body(clause, value)}".strip()

    def body(self, clause: Clause, block: tree.Block) -> str:
        """On one line where it is one statement that has no block itself."""
        bare = self.carried.is_bare(block)
        if not block.statements and bare:
            return "{ }"
        if len(block.statements) == 1 and bare:
            inner = block.statements[0]
            if clause.field == "otherwise" and inner.form == "if":
                return self.statement(inner)
            if not any(isinstance(value, tree.Block) for value in inner.values.values()):
                return f"{{ {self.statement(inner)} }}"
        return f"{{{self.block(block)}\n}}"

    def value(self, clause: Clause, value: tree.Value) -> str:
        if isinstance(value, tree.Flag):
            return ""
        if isinstance(value, tree.Text) and clause.kind is Kind.TITLE:
            return self.said.title(value)
        if isinstance(value, tree.Text):
            return self.said.quoted(value)
        return self.said.value(value)
