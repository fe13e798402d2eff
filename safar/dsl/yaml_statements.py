"""Mappings of a YAML file -> statements, led by the forms."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as Several

from safar.dsl import tree
from safar.dsl.reading_rules import DUPLICATE_KEY, UNKNOWN_KEY, WRONG_SHAPE
from safar.dsl.statements import example, mere_length, no_event
from safar.dsl.synonyms import EXPLAINED, KEYS, PHRASES, UNTIL_AN_EVENT
from safar.dsl.syntax_rules import FOREIGN, LIMIT, MISSING
from safar.dsl.yaml_clauses import Reading, line, piece, value, wrong_shape
from safar.dsl.yaml_keys import (
    LISTS,
    NAMED,
    SINGLE,
    Slot,
    clause_keys,
    home_of,
    inline_body,
    key_of,
    reaction_forms,
    single_forms,
    slots,
    step_forms,
)
from safar.dsl.yaml_nodes import Entry, Mapping, Scalar, Sequence, YamlNode, is_damaged, is_empty
from safar.engine.diagnostic import Edit, Fix, Related
from safar.engine.form import Clause, Form, Kind
from safar.engine.names import nearest
from safar.engine.source import Span

Values = dict[str, "tree.Value | tree.Block | tree.Statement"]


class Statements:
    """Reads the blocks of one file.  What is wrong goes to the findings; what can be read is returned."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._count = 0

    # --- blocks

    def lines(self, block: str, entries: Several[Entry]) -> list[tree.Statement]:
        """The statements of a block whose keys are the lines' words."""
        found: list[tree.Statement] = []
        for entry in self._unique(entries):
            found += self._line(block, entry, slots(block))
        return found

    def _unique(self, entries: Several[Entry]) -> list[Entry]:
        first: dict[str, Entry] = {}
        for entry in entries:
            if entry.key.damaged:
                continue
            known = first.setdefault(entry.key.text, entry)
            if known is not entry and entry.key.text != "<<":
                self.reading.report(
                    DUPLICATE_KEY.at(
                        self.reading.span(entry.key),
                        f"the key `{entry.key.text}` stands twice in one mapping",
                        label="again",
                        help="take one of them out; several lines of one kind are a list",
                        related=(Related("first here", self.reading.span(known.key)),),
                    )
                )
        return [entry for entry in first.values() if entry.key.text != "<<"]

    def _line(self, block: str, entry: Entry, table: dict[str, Slot]) -> list[tree.Statement]:
        slot = table.get(entry.key.text)
        if slot is None and block in NAMED:
            return self._declared(table[""].form, entry)
        if slot is None:
            slot = table.get(self._unknown(entry.key, table))
            if slot is None:
                return []
        match slot.shape:
            case "map":
                return self._map(slot, entry)
            case "list":
                return [s for item in self._several(entry.value) for s in self._item(slot.forms, entry.key, item)]
            case "steps":
                return list(self._steps(entry).statements)
        return self._lines_of(slot.form, entry)

    def _several(self, node: YamlNode) -> tuple[YamlNode, ...]:
        return self.reading.items(node) if isinstance(node, Sequence) else (node,)

    def _unknown(self, key: Scalar, allowed: Iterable[str]) -> str:
        """Report a key that cannot stand here; gives the one that was probably meant."""
        if self.reading.is_full:
            return ""
        home = home_of(key.text)
        names = [name for name in allowed if name]
        meant = [said for said in KEYS.get(key.text.lower(), ()) if said in names]
        near = meant[0] if meant else nearest(key.text.replace("_", " "), names)
        home = "" if meant else home
        allowed = f"allowed: {', '.join(names)}"
        said = EXPLAINED.get(key.text.lower(), allowed) if "touchpoint" in names else allowed
        help = "" if near or home else said
        said = max((name for name in names if key.text.startswith(name + " ")), key=len, default="")
        if said and near is None:
            help = f"write `{said}: {key.text[len(said) + 1 :][:60]}`"
        self.reading.report(
            UNKNOWN_KEY.at(
                self.reading.span(key),
                f"`{key.text[:60]}` cannot stand here" if home else f"there is no key `{key.text[:60]}` here",
                label=f"it stands {home}" if home else "unknown key",
                help=help,
                near=near,
            )
        )
        return near or ""

    def _lines_of(self, form: Form, entry: Entry) -> list[tree.Statement]:
        """The statements of one line's key: one, or one for each item of a list."""
        node = entry.value
        first = form.clauses[0] if form.clauses else None
        listed = first is not None and (first.kind is Kind.NAMES or first.block in LISTS)
        if isinstance(node, Sequence) and form.many and not listed:
            return [s for item in self.reading.items(node) for s in self._item((form,), entry.key, item)]
        return self._item((form,), entry.key, node)

    def _map(self, slot: Slot, entry: Entry) -> list[tree.Statement]:
        node = entry.value
        if not isinstance(node, Mapping):
            wrong_shape(self.reading, node, entry.key.text, f"a mapping from each {slot.form.words or 'name'}'s name")
            return []
        entries = self._unique(self.reading.entries(node).entries)
        return [s for one in entries for s in self._declared(slot.form, one)]

    # --- statements

    def _too_many(self, node: YamlNode) -> bool:
        """Count a statement; behind the limit the reading stops."""
        self._count += 1
        most = self.reading.limits.statements
        if self._count == most + 1:
            place = Span(self.reading.source, node.start, node.start + 1)
            help = self.reading.limits.named("statements")
            self.reading.stop = (LIMIT.at(place, f"the file has more than {most:,} statements", help=help),)
        return self._count > most or self.reading.is_full

    def _declared(self, form: Form, entry: Entry) -> list[tree.Statement]:
        """A statement whose name is the key."""
        if self._too_many(entry.key):
            return []
        name = piece(self.reading, Kind.NAME, entry.key)
        if name is None:
            return []
        values: Values = {"name": name}
        node = entry.value
        if isinstance(node, Mapping):
            return [self._keyed(form, entry, self.reading.entries(node).entries, values)]
        body = inline_body(form)
        if body is not None and body.block in SINGLE and isinstance(node, Scalar) and not is_empty(node):
            said = self._worded(tuple(single_forms(body.block).values()), entry.key, node, "")
            values[body.field] = tree.Block(self.reading.span(node), tuple(said))
            return [self._keyed(form, entry, (), values)]
        rest = [c for c in form.clauses[1:] if c.kind is not Kind.BODY]
        clause = next((c for c in rest if c.needed), rest[0] if rest else None)
        if is_empty(node) and (clause is None or not clause.needed):
            return [self._keyed(form, entry, (), values)]
        if clause is None or not isinstance(node, Scalar):
            wrong_shape(self.reading, node, entry.key.text, "a mapping" if form.plural else "a type")
            return [self._bare(form, entry, values)]
        if body is not None and clause.kind is Kind.TITLE and self._no_title(body.block, entry, node):
            line = slots(body.block).get(node.text)
            lines = [] if line is None else self._lines_of(line.form, Entry(node, Scalar(node.start, node.end, "yes")))
            values[body.field] = tree.Block(self.reading.span(node), tuple(lines))
            return [self._keyed(form, entry, (), values, is_read=False)]
        found = value(self.reading, clause, entry.key.text, node)
        if found is None:
            return [self._bare(form, entry, values)]
        values[clause.field] = found
        return [self._keyed(form, entry, (), values)]

    def _no_title(self, block: str, entry: Entry, node: Scalar) -> bool:
        """Find a line of the declaration's block where its title would stand: `shop: inbound`."""
        words = [word for word in slots(block) if word and (node.text == word or node.text.startswith(word + " "))]
        said = f"on: {node.text}" if block == "goal" and " within " in node.text else ""
        if words:
            rest = node.text[len(max(words, key=len)) :].strip() or "yes"
            said = f"{max(words, key=len)}: {rest}"
        if said and not is_damaged(node):
            message = f"`{node.text[:60]}` would be the title of `{entry.key.text[:60]}` here"
            help = f"write `{entry.key.text[:60]}: {{{said[:60]}}}`"
            self.reading.report(WRONG_SHAPE.at(self.reading.span(node), message, label="no title", help=help))
        return bool(said)

    def _bare(self, form: Form, entry: Entry, values: Values) -> tree.Statement:
        """A declaration of which only the name could be read: what uses the name is right."""
        for clause in form.clauses:
            if clause.kind is Kind.BODY and clause.needed:
                values[clause.field] = tree.Block(self.reading.span(entry.value), ())
        return tree.Statement(self._whole(entry), form.id, self.reading.span(entry.key), values)

    def _item(self, several: tuple[Form, ...], key: Scalar, node: YamlNode) -> list[tree.Statement]:
        """A statement that is one value: a mapping of its clauses, or the rest of its line as text."""
        if is_damaged(node) or self._too_many(node):
            return []
        form = several[0]
        only_body = bool(form.clauses) and form.clauses[0].kind is Kind.BODY
        if isinstance(node, Mapping) and node.flow and node.entries and _is_text(form, node):
            wrong_shape(self.reading, node, key.text, "a text, in quotation marks if it begins with a brace")
            return []
        if isinstance(node, Mapping) and form.clauses and not (only_body and form.clauses[0].block in LISTS):
            entries = self.reading.entries(node).entries
            keys = {entry.key.text for entry in entries}
            meant = keys | {said for key in keys for said in KEYS.get(key, ())}
            form = next((f for said in (keys, meant) for f in several if key_of(f, f.clauses[0]) in said), form)
            return [self._keyed(form, Entry(entries[0].key if entries else key, node), entries, {})]
        if len(several) > 1:
            return self._worded(several, key, node, key.text)
        known = len(self.reading.findings)
        values = self._first(form, key, node, ())
        is_read = len(self.reading.findings) == known
        return [] if values is None else [self._keyed(form, Entry(key, node), (), values, is_read=is_read)]

    def _worded(self, several: tuple[Form, ...], key: Scalar, node: YamlNode, words: str) -> list[tree.Statement]:
        """`enter: on cart_updated if C`: the text goes on with the first words, behind `words`, of one of the forms."""
        if not isinstance(node, Scalar) or not node.text.strip():
            wrong_shape(self.reading, node, key.text, "a statement" if not words else "a list of mappings")
            return []
        rests = {form.words.removeprefix(words).strip(): form for form in reversed(several)}
        said = [words for words in rests if node.text.startswith(words + " ")]
        if not said:
            self._no_statement(node, sorted(rests))
            return []
        words = max(said, key=len)
        form = rests[words]
        dated = node.text.removeprefix(words).strip()[:1].isdigit()
        form = next((f for f in several if f.words == form.words and (f.clauses[0].kind is Kind.DATE) == dated), form)
        statement = line(self.reading, form, node, len(words) + 1)
        return [] if statement is None else [statement]

    def _no_statement(self, node: Scalar, words: Several[str]) -> None:
        """A text that none of the statements begins that could stand here."""
        first = node.text.split(maxsplit=1)[0]
        span = self.reading.span(node)
        begin = span.start + bool(node.style)
        phrase = next((said for said, meant in PHRASES.items() if node.text.startswith(said) and meant in words), "")
        meant = [PHRASES[phrase]] if phrase else [said for said in KEYS.get(first, ()) if said in words]
        near = meant[0] if meant else nearest(first, words)
        first = phrase or first
        alone = next((said for said in ("on", "exit") if said in words and first == node.text), "")
        help = f"begin with `{'`, `'.join(words)}`" if not alone else f"write `{alone} {first[:60]}`"
        help = "write `after EVENT always ... within 1d`" if first == "always" else help
        self.reading.report(
            WRONG_SHAPE.at(
                Span(span.source, begin, begin + len(first)),
                f"nothing that can stand here begins with `{first[:60]}`",
                label="not known here",
                help="" if near else help,
                near=near,
            )
        )

    def _first(self, form: Form, key: Scalar, node: YamlNode, given: Several[str]) -> Values | None:
        """What stands under a statement's first words: its first clause, or the rest of its line.

        `given` are the other keys of its mapping.  None: it cannot be read, which is reported.
        """
        rest = [c for c in form.clauses if c.kind is not Kind.BODY]
        if not rest:
            return self._only_body(form, key, node)
        head = rest[0]
        keys = [key_of(form, c) for c in rest[1:]]
        wanting = any(c.needed and key not in given for c, key in zip(rest[1:], keys, strict=True))
        on_line = wanting or (head.kind not in (Kind.TITLE, Kind.TEXT) and not any(k in given for k in keys))
        if not isinstance(node, Scalar) or is_empty(node) or not (head.word or (on_line and len(rest) > 1)):
            found = value(self.reading, head, key.text, node)
            return None if found is None else {head.field: found}
        if is_damaged(node):
            return None
        statement = line(self.reading, form, node)
        return None if statement is None else dict(statement.values)

    def _only_body(self, form: Form, key: Scalar, node: YamlNode) -> Values | None:
        if not form.clauses:
            flag = value(self.reading, Clause("", Kind.FLAG, "flag"), key.text, node)
            return None if flag is None else {}
        clause = form.clauses[0]
        block = self._block(clause.block, Entry(key, node))
        return None if block is None else {clause.field: block}

    def _keyed(
        self, form: Form, whole: Entry, entries: Several[Entry], first: Values | None, *, is_read: bool = True
    ) -> tree.Statement:
        """The statement with the clauses that stand under keys of their own, and the lines of its body.

        `whole` is its head and where it ends.  `first` are the values that are known already; None: what should
        give them could not be read.
        """
        values = first or {}
        keys = {key: clause for key, clause in clause_keys(form).items() if clause.field not in values}
        body = inline_body(form)
        beside = slots(body.block) if body is not None else {}
        single = body is not None and body.block in SINGLE
        reactions = reaction_forms() if any(c.kind is Kind.REACTION for c in form.clauses) else {}
        if body is not None and single:
            beside, reactions = {}, single_forms(body.block)
        lines: list[tree.Statement] = []
        reacting: list[Entry] = []
        damaged = first is None or not is_read or any(entry.key.damaged for entry in entries)
        for entry in self._unique(entries):
            key = entry.key.text
            if key in keys:
                damaged |= not self._clause(keys[key], entry, values)
            elif key in beside or (body is not None and body.block in NAMED):
                assert body is not None
                lines += self._line(body.block, entry, beside)
            elif reactions and (key in reactions or reacting or single):
                reacting.append(entry)
            elif body is not None and key == body.field and _is_bare(entry.value):
                values[body.field] = tree.Block(self.reading.span(entry.value), ())
            else:
                self._unknown(entry.key, (*keys, *beside, *reactions))
                damaged = True
        if reacting:
            reaction = self._step_of(reacting, reactions)
            if reaction is not None and body is not None and single:
                lines.append(reaction)
            elif reaction is not None:
                values["reaction"] = reaction
            damaged |= reaction is None
        if body is not None and (lines or body.needed) and body.field not in values:
            values[body.field] = tree.Block(self._whole(whole), tuple(lines))
        statement = tree.Statement(self._whole(whole), form.id, self.reading.span(whole.key), values)
        self.reading.check(form, statement)
        if not damaged:
            self._missing(form, statement)
        return statement

    def _whole(self, whole: Entry) -> Span:
        return Span(self.reading.source, whole.key.start, max(whole.key.end, whole.value.end))

    def _clause(self, clause: Clause, entry: Entry, values: Values) -> bool:
        """Put a clause under its key among the values; False if it could not be read."""
        found: tree.Value | tree.Block | None
        if clause.kind is Kind.BODY:
            found = self._block(clause.block, entry)
        else:
            found = value(self.reading, clause, entry.key.text, entry.value)
        if found is not None:
            values[clause.field] = found
        return found is not None

    def _missing(self, form: Form, statement: tree.Statement) -> None:
        for clause in form.clauses:
            if clause.needed and clause.field not in statement.values:
                length = mere_length(statement)
                if length is not None:
                    self.reading.report(no_event(statement.head, length, ":"))
                    return
                key = "exit" if clause.kind is Kind.REACTION else key_of(form, clause)
                key = clause.word if clause is form.clauses[0] and clause.word else key
                what = form.words or form.id.replace("_", " ")
                self.reading.report(
                    MISSING.at(
                        statement.head,
                        f"`{what}` needs `{key}`" + (", `go to` or another step" if key == "exit" else ""),
                        label=f"`{key}` is missing",
                        help=f"begin it with `{example(clause)}`"
                        if key == clause.word == form.clauses[0].word
                        else f"add the key `{key}:`",
                    )
                )

    # --- lists

    def _block(self, block: str, entry: Entry) -> tree.Block | None:
        """The statements of a body that stands under a key of its own."""
        if block == "steps":
            return self._steps(entry)
        node = entry.value
        if block not in LISTS:
            if not isinstance(node, Mapping):
                wrong_shape(self.reading, node, entry.key.text, "a mapping")
                return None
            return tree.Block(self.reading.span(node), tuple(self.lines(block, self.reading.entries(node).entries)))
        if not isinstance(node, Sequence):
            wrong_shape(self.reading, node, entry.key.text, "a list")
            return None
        form = next(slot.form for slot in slots(block).values() if slot.form.plural)
        items = [s for item in self.reading.items(node) for s in self._item((form,), entry.key, item)]
        return tree.Block(self.reading.span(node), tuple(items))

    def _steps(self, entry: Entry) -> tree.Block:
        node = entry.value
        if not isinstance(node, Sequence):
            wrong_shape(self.reading, node, entry.key.text, "a list of steps")
            return tree.Block(self.reading.span(node), ())
        found: list[tree.Statement] = []
        for item in self.reading.items(node):
            if isinstance(item, Mapping) and item.entries:
                step = self._step_of(self.reading.entries(item).entries, step_forms())
                found += [] if step is None else [step]
            else:
                wrong_shape(self.reading, item, entry.key.text, "steps such as `wait: 1d`")
        return tree.Block(self.reading.span(node), tuple(found))

    def _step_of(self, entries: Several[Entry], forms: dict[str, Form]) -> tree.Statement | None:
        """A step from its mapping: the first key that is the first words of one of the forms says which."""
        if self._too_many(entries[0].key):
            return None
        first = next((entry for entry in entries if entry.key.text in forms), None)
        if first is None:
            if any(entry.key.damaged for entry in entries):
                return None
            near = self._unknown(entries[0].key, forms)
            if not near:
                return None
            key = entries[0].key
            first = Entry(Scalar(key.start, key.end, near), entries[0].value)
            entries = [first, *entries[1:]]
        form = self._meant(first.key, entries, forms)
        others = [entry for entry in self._unique(entries) if entry is not first]
        late = [entry for entry in others if form.id == "wait_up_to" and entry.key.text == "otherwise"]
        others = [entry for entry in others if entry not in late]
        values = self._first(form, first.key, first.value, [entry.key.text for entry in others])
        if values is None and not others:
            return None
        end = max(entry.value.end for entry in entries)
        step = self._keyed(form, Entry(first.key, Scalar(end, end, "")), others, values)
        return self._late(step, late[0]) if late else step

    def _meant(self, key: Scalar, entries: Several[Entry], forms: dict[str, Form]) -> Form:
        """The form of a step by its first key; `wait until` with `up to` is `wait for`."""
        if key.text == "wait until" and any(entry.key.text == "up to" for entry in entries):
            message, help = UNTIL_AN_EVENT
            fix = Fix((Edit(self.reading.span(key), "wait for"),), safe=False)
            self.reading.report(FOREIGN.at(self.reading.span(key), message, help=help, fix=fix))
            return forms["wait for"]
        return forms[key.text]

    def _late(self, step: tree.Statement, entry: Entry) -> tree.Statement:
        """The `otherwise` of `wait up to`, which stands behind the last of its ways."""
        block = self._steps(entry)
        ways = step.values.get("ways")
        if not isinstance(ways, tree.Block):
            return step
        if ways.statements:
            *before, last = ways.statements
            last = tree.Statement(last.span, last.form, last.head, {**last.values, "otherwise": block})
        else:
            before, last = (
                [],
                tree.Statement(block.span, "otherwise_way", self.reading.span(entry.key), {"then": block}),
            )
        values = {**step.values, "ways": tree.Block(ways.span, (*before, last))}
        return tree.Statement(step.span, step.form, step.head, values)


def _is_text(form: Form, node: Mapping) -> bool:
    """Whether braces make a mapping of what should be a text: `theme: {Help, don't push}`."""
    texts = bool(form.clauses) and form.clauses[0].kind in (Kind.TITLE, Kind.TEXT)
    return texts and all(is_empty(entry.value) for entry in node.entries)


def _is_bare(node: YamlNode) -> bool:
    """An empty body, written out: `then: []`."""
    return (isinstance(node, Sequence) and not node.items) or (isinstance(node, Mapping) and not node.entries)
