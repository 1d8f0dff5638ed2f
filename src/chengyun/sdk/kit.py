"""`tests/*.yaml` of a pack: examples that the conformance tests run; a pack brings no test code."""

from pydantic import Field

from chengyun.sdk.declared import Declared, LimitText, Slug


class RowExample(Declared):
    """A row of a file and what the mapping must make of it.

    `expect` names fields of the normalised record (times as ISO 8601 UTC); `reject` names the field
    a rejection must point at.
    """

    mapping: Slug
    row: dict[str, str]
    expect: dict[str, str | int | float | bool | tuple[str, ...] | None] = {}
    reject: str | None = None


class KindExample(Declared):
    """A kind that must be there, with a condition and its limit."""

    kind: str
    condition: Slug
    limit: LimitText


class DutyExample(Declared):
    """A kind that the pack's duty lists must give to a role first."""

    kind: str
    role: str


class ExamplesFile(Declared):
    """One file of examples."""

    rows: tuple[RowExample, ...] = ()
    kinds: tuple[KindExample, ...] = ()
    duties: tuple[DutyExample, ...] = ()
    unmatched: tuple[str, ...] = Field(default=(), description="kinds no duty entry may match")
