"""Conditions: CEL text to a small tree whose types are known. The parser is cel-python's."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from celpy.celparser import CELParseError, CELParser
from lark import Token

NUMBER, TRUTH = "number", "truth"
FUNCTIONS = {"abs": 1, "min": 2, "max": 2}
TABLE_FUNCTIONS = ("curve", "band")
DEEPEST = 60
_BINARY = {f"relation_{name}": name for name in ("lt", "le", "gt", "ge", "eq", "ne")} | {
    "addition_add": "add",
    "addition_sub": "sub",
    "multiplication_mul": "mul",
    "multiplication_div": "div",
}
_NO = {
    "relation_in": "`in` is not offered: write == and ||",
    "multiplication_mod": "% is not offered",
    "member_dot": "a word has no parts: names are lower-case letters, digits and _",
    "member_index": "a word has no parts",
}


class ConditionError(ValueError):
    """A condition that cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a condition. `op` is `number`, `truth`, `word`, a function or an operator."""

    op: str
    type: str
    parts: tuple["Node", ...] = ()
    value: float = 0.0
    name: str = ""

    def words(self) -> set[str]:
        """The words it reads."""
        own = {self.name} if self.op == "word" else set()
        return own.union(*(part.words() for part in self.parts))

    def tables(self) -> set[str]:
        """The tables it asks."""
        own = {self.name} if self.op in TABLE_FUNCTIONS else set()
        return own.union(*(part.tables() for part in self.parts))


@lru_cache(maxsize=4096)
def read(text: str, wanted: str = TRUTH) -> Node:
    """The tree of a condition. Raises ConditionError.

    Args:
        wanted: what the whole of it must be, "truth" or "number".
    """
    try:
        tree = CELParser().parse(text)
    except CELParseError as error:
        at = f" at column {error.column}" if error.column else ""
        raise ConditionError(f"is no CEL expression{at}") from error
    except RecursionError as error:
        raise ConditionError("is nested too deeply") from error
    node = _node(tree, 0)
    if node.type != wanted:
        raise ConditionError(f"is a {node.type}, and a {wanted} is wanted")
    return node


def check(node: Node, words: Collection[str], tables: Collection[str]) -> None:
    """That every word and table is declared. Raises ConditionError."""
    for name in sorted(node.words() - set(words)):
        known = ", ".join(sorted(words)) or "none"
        raise ConditionError(f"reads {name}, which is neither input nor figure; there are: {known}")
    for name in sorted(node.tables() - set(tables)):
        known = ", ".join(sorted(tables)) or "none"
        raise ConditionError(f"asks the table {name}, which the file has not; there are: {known}")


def _node(tree: Any, deep: int) -> Node:
    if deep > DEEPEST * 12:
        raise ConditionError("is nested too deeply")
    if isinstance(tree, Token):
        raise ConditionError(f"{tree} is not offered in conditions")
    kids = tree.children
    name = str(tree.data)
    if name in _NO:
        raise ConditionError(_NO[name])
    if name in _WRITTEN:
        return _WRITTEN[name](tree, deep)
    if name in ("conditionalor", "conditionaland") and len(kids) == 2:
        op = "or" if name == "conditionalor" else "and"
        return _made(op, TRUTH, TRUTH, [_node(kid, deep + 1) for kid in kids])
    if name in ("relation", "addition", "multiplication") and len(kids) == 2:
        return _operation(kids, deep)
    if name == "unary" and len(kids) == 2:
        inner = _node(kids[1], deep + 1)
        if str(kids[0].data) == "unary_not":
            return _made("not", TRUTH, TRUTH, [inner])
        return _made("neg", NUMBER, NUMBER, [inner])
    if name == "expr" and len(kids) == 3:
        asked, yes, no = (_node(kid, deep + 1) for kid in kids)
        if asked.type != TRUTH or yes.type != no.type:
            raise ConditionError("`a ? b : c` needs a truth, and two of one sort")
        return Node("choose", yes.type, (asked, yes, no))
    if len(kids) == 1:
        return _node(kids[0], deep + 1)
    raise ConditionError(f"uses what conditions do not offer ({name.replace('_', ' ')})")


def _operation(kids: list[Any], deep: int) -> Node:
    inner = str(kids[0].data)
    if inner in _NO:
        raise ConditionError(_NO[inner])
    op = _BINARY[inner]
    left, right = _node(kids[0].children[0], deep + 1), _node(kids[1], deep + 1)
    if op in ("eq", "ne") and left.type == right.type:
        return Node(op, TRUTH, (left, right))
    compares = inner.startswith("relation")
    return _made(op, NUMBER, TRUTH if compares else NUMBER, [left, right])


def _made(op: str, takes: str, gives: str, parts: list[Node]) -> Node:
    for part in parts:
        if part.type != takes:
            raise ConditionError(f"`{op}` takes a {takes}, and there is a {part.type}")
    return Node(op, gives, tuple(parts))


def _literal(tree: Any, deep: int) -> Node:
    del deep
    said = tree.children[0]
    if not isinstance(said, Token):
        raise ConditionError("is no number")
    if said.type == "BOOL_LIT":
        return Node("truth", TRUTH, value=float(said == "true"))
    if said.type in ("INT_LIT", "FLOAT_LIT"):
        return Node("number", NUMBER, value=float(int(said, 0) if "x" in said else said))
    raise ConditionError(f"{said} is no number; text stands only for a table's name")


def _word(tree: Any, deep: int) -> Node:
    del deep
    return Node("word", NUMBER, name=str(tree.children[0]))


def _call(tree: Any, deep: int) -> Node:
    name = str(tree.children[0])
    given = tree.children[1].children if len(tree.children) > 1 else []
    if name in TABLE_FUNCTIONS:
        texts = list(given[0].scan_values(bool)) if given else []
        if len(given) != 2 or len(texts) != 1 or texts[0].type != "STRING_LIT":
            raise ConditionError(f'write {name}("table", x)')
        inner = _node(given[1], deep + 1)
        made = _made(name, NUMBER, NUMBER, [inner])
        return Node(made.op, made.type, made.parts, name=str(texts[0])[1:-1])
    if name not in FUNCTIONS:
        known = ", ".join((*FUNCTIONS, *TABLE_FUNCTIONS))
        raise ConditionError(f"{name}() is not offered; there are: {known}")
    if len(given) != FUNCTIONS[name]:
        raise ConditionError(f"{name}() takes {FUNCTIONS[name]} numbers")
    return _made(name, NUMBER, NUMBER, [_node(one, deep + 1) for one in given])


_WRITTEN = {"literal": _literal, "ident": _word, "ident_arg": _call}
