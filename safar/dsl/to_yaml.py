"""A syntax tree as YAML, with the comments that it carries: lines of one kind come together under their key."""

from __future__ import annotations

from safar.dsl import tree
from safar.dsl.carry import Carried, Container, Lead
from safar.dsl.convert import ConversionError
from safar.dsl.forms import forms
from safar.dsl.said import Said
from safar.dsl.to_text import TextWriter
from safar.dsl.yaml_keys import LISTS, SINGLE, Slot, key_of, slots
from safar.dsl.yaml_write import Item, List, Map, Pair, Text, Value
from safar.engine.form import Clause, Form, Kind

_VERBATIM = (Kind.TITLE, Kind.TEXT)
_EMPTY = "then"


class YamlWriter:
    def __init__(self, said: Said, carried: Carried) -> None:
        self.said = said
        self.carried = carried
        self.text = TextWriter(said, carried)
        self.lifted: set[int] = set()
        """The `id` of ways whose `otherwise` stands beside the list of ways."""

    def file(self, file: tree.File) -> Map:
        return self.lines("file", file)

    # --- blocks

    def lines(self, block: str, body: Container) -> Map:
        """The pairs of a block: each key once, at the place of its first statement."""
        groups: dict[str, tuple[Slot, list[tree.Statement]]] = {}
        for one in body.statements:
            slot = _slot(block, one)
            groups.setdefault(slot.key or f"\0{id(one)}", (slot, []))[1].append(one)
        made = Map([self.group(slot, several) for slot, several in groups.values()])
        end = self.carried.end(body)
        if end and made.pairs:
            last = made.pairs[-1].value
            inner = isinstance(last, Map | List) and groups[list(groups)[-1]][0].shape != "line"
            (last if inner and isinstance(last, Map | List) else made).end += end
        return made

    def group(self, slot: Slot, several: list[tree.Statement]) -> Pair:
        """The statements under one key; what stands before the first stands before the key."""
        lead = self.carried.lead(several[0])
        rest = [Lead(), *(self.carried.lead(one) for one in several[1:])]
        if not slot.key:
            return self.declared(several[0], lead)
        if slot.shape == "map":
            return Pair(slot.key, Map([self.declared(*both) for both in zip(several, rest, strict=True)]), lead)
        if slot.shape in ("list", "steps") or len(several) > 1:
            item = self.step if slot.shape == "steps" else self.node
            return Pair(slot.key, List([Item(item(one), lead) for one, lead in zip(several, rest, strict=True)]), lead)
        return Pair(slot.key, self.node(several[0]), lead)

    def listed(self, block: str, body: tree.Block) -> List:
        """The statements of a body that is a list."""
        if block == "ways":
            self.lifted.update(id(one) for one in body.statements[-1:])
            items = [self.node(one) for one in body.statements if one.form != "otherwise_way"]
        else:
            items = [self.step(one) if block == "steps" else self.node(one) for one in body.statements]
        leads = [self.carried.lead(one) for one in body.statements]
        return List([Item(*both) for both in zip(items, leads, strict=False)], list(self.carried.end(body)))

    # --- statements

    def declared(self, one: tree.Statement, lead: Lead) -> Pair:
        """A statement under its name: with its only other value, or a mapping."""
        form = forms()[one.form]
        name = one.values["name"]
        assert isinstance(name, tree.Name)
        whole = self.whole(form, one)
        if whole is not None:
            return Pair(self.said.value(name), whole, lead)
        rest = [clause for clause in form.clauses[1:] if clause.kind is not Kind.BODY]
        only = next((clause for clause in rest if clause.needed), rest[0] if rest else None)
        pairs = self.pairs(form, one, form.clauses[1:])
        if not pairs.pairs and not pairs.end:
            return Pair(self.said.value(name), None, lead)
        if only is not None and set(one.values) == {"name", only.field}:
            return Pair(self.said.value(name), pairs.pairs[0].value, lead)
        return Pair(self.said.value(name), pairs, lead)

    def whole(self, form: Form, one: tree.Statement) -> Text | None:
        """A declaration of nothing but one statement, such as a rule without a title: that statement as one text."""
        body = next((clause for clause in form.clauses if clause.block in SINGLE), None)
        block = one.values.get(body.field) if body is not None else None
        if body is None or not isinstance(block, tree.Block) or set(one.values) != {"name", body.field}:
            return None
        if len(block.statements) != 1 or not self.carried.is_bare(block):
            return None
        inner = forms()[block.statements[0].form]
        return Text(f"{inner.words} {self.line(block.statements[0], inner.clauses)}")

    def step(self, one: tree.Statement) -> Map:
        """A step: its first words are the first key, with what they take; the rest has keys of its own."""
        form = forms()[one.form]
        head, *rest = form.clauses
        if head.word or any(clause.word == "=" for clause in rest):
            kept = [clause for clause in rest if clause.kind is not Kind.FLAG and clause.word != "="]
            on_line = [head, *(clause for clause in rest if clause not in kept)]
            first: Value = Text(self.line(one, on_line))
            rest = kept
        else:
            first = self.value(head, one)
        made = self.pairs(form, one, tuple(rest))
        made.pairs.insert(0, Pair(form.words, first, Lead()))
        return made

    def node(self, one: tree.Statement) -> Value:
        """A line or an item of a list: one text if that reads well, else a mapping of its parts."""
        form = forms()[one.form]
        if not form.clauses:
            return Text("yes")
        head = form.clauses[0]
        if head.kind is Kind.BODY:
            body = one.values.get(head.field)
            assert isinstance(body, tree.Block)
            return self.listed(head.block, body) if head.block in LISTS else self.lines(head.block, body)
        if set(one.values) == {head.field} and not _is_told(form) and (len(form.clauses) == 1 or not form.listed):
            return self.value(head, one) if not head.word else Text(self.line(one, form.clauses))
        bodies = any(clause.kind in (Kind.BODY, Kind.REACTION) for clause in form.clauses)
        if not form.listed and not bodies and head.kind not in _VERBATIM:
            return Text(self.line(one, form.clauses))
        return self.pairs(form, one, form.clauses)

    def line(self, one: tree.Statement, clauses: list[Clause] | tuple[Clause, ...]) -> str:
        """Clauses as they stand in a `.journey` file, on one line."""
        parts = [self.text.clause(clause, value) for clause in clauses if (value := one.values.get(clause.field))]
        return "".join(part if part.startswith(",") else f" {part}" for part in parts).strip()

    def pairs(self, form: Form, one: tree.Statement, clauses: tuple[Clause, ...]) -> Map:
        """The clauses that a statement has, under their keys, and the lines of its body beside them."""
        made = Map()
        for clause in clauses:
            found = one.values.get(clause.field)
            if clause.field == "otherwise" and id(one) in self.lifted:
                continue
            if isinstance(found, tree.Statement):
                made.pairs += self.step(found).pairs
            elif isinstance(found, tree.Block) and clause.block in SINGLE:
                _ask_for_one(form, found)
                made.pairs += [pair for inner in found.statements for pair in self.led(inner)]
                made.end += self.carried.end(found)
            elif isinstance(found, tree.Block) and clause.block not in LISTS:
                inner = self.lines(clause.block, found)
                made.pairs += inner.pairs
                made.end += inner.end
                if not found.statements and not clause.needed:
                    made.pairs.append(Pair(_EMPTY, List(), Lead()))
            elif isinstance(found, tree.Block):
                made.pairs.append(Pair(key_of(form, clause), self.listed(clause.block, found), Lead()))
                made.pairs += self.late(found) if clause.block == "ways" else []
            elif found is not None:
                made.pairs.append(Pair(key_of(form, clause), self.value(clause, one), Lead()))
        return made

    def led(self, one: tree.Statement) -> list[Pair]:
        """The pairs of a statement beside those of the one around it, with what stands before it."""
        pairs = self.step(one).pairs
        pairs[0].lead = self.carried.lead(one)
        return pairs

    def late(self, ways: tree.Block) -> list[Pair]:
        """The `otherwise` of `wait up to`, which in a `.journey` file stands behind the last of its ways."""
        if not ways.statements:
            return []
        last = ways.statements[-1]
        is_own = last.form == "otherwise_way"
        body = last.values.get("then" if is_own else "otherwise")
        if not isinstance(body, tree.Block):
            return []
        return [Pair("otherwise", self.listed("steps", body), self.carried.lead(last) if is_own else Lead())]

    def value(self, clause: Clause, one: tree.Statement) -> Text:
        found = one.values[clause.field]
        assert not isinstance(found, tree.Block | tree.Statement)
        if isinstance(found, tree.Flag):
            return Text("yes")
        if isinstance(found, tree.Text) and clause.kind is Kind.TITLE:
            return Text("".join(part for part in found.parts if isinstance(part, str)), verbatim=True)
        if isinstance(found, tree.Text):
            return Text(self.said.bare(found), verbatim=True)
        return Text(self.said.value(found))


def _slot(block: str, one: tree.Statement) -> Slot:
    """The key under which a statement stands in a block."""
    return next(
        slot for slot in _all(block) if slot.shape == "steps" or any(form.id == one.form for form in slot.forms)
    )


def _ask_for_one(form: Form, block: tree.Block) -> None:
    """Refuse several statements where a mapping has the keys of one."""
    if len(block.statements) > 1:
        source = block.span.source
        line = source.position(block.statements[1].span.start)[0]
        said = f"a `{form.words}` there says one thing, and this one says more"
        raise ConversionError(f"{source.path}:{line} cannot be said in the other spelling: {said}")


def _is_told(form: Form) -> bool:
    """Whether the first key says which of several kinds of statement under one key it is."""
    return form.listed and form.words.startswith(f"{form.plural} ")


def _all(block: str) -> list[Slot]:
    """The keys of a block; the steps of a stage are what no other key takes."""
    found = list(slots(block).values())
    return sorted(found, key=lambda slot: slot.shape == "steps")
