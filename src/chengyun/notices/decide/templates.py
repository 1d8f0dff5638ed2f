"""Templates and house rules of telling, and how a template becomes words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from chengyun.kernel.text import Text, text

IN_APP = "in_app"
CHANNELS = (IN_APP, "mail", "web_push", "sms", "gov_im")
# What a template may say of its matter; whoever tells gives what it has.
PLACEHOLDERS = frozenset(
    {"no", "kind", "unit", "due", "step", "link", "stage", "level", "into", "place", "original"}
    | {"thing", "rule"}
)
NO_LEVEL = "none"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One sort of notice as a pack declared it.

    `repeat_minutes` and `repeat_times`: how long to wait for an acknowledgement and how often to
    ask again; then the holders of `escalate_to` over the next area up are told.
    """

    id: str
    title: Text
    body: Text
    level: int | None
    needs_ack: bool
    repeat_minutes: int
    repeat_times: int
    escalate_to: str | None
    keep_days: int
    pack: str
    pack_version: str
    source: str
    effective_from: date
    verified: bool


@dataclass(frozen=True, slots=True)
class HouseRules:
    """What holds where a person has set nothing: quiet hours, what breaks them, which ways.

    `channels` is keyed by level ("1" … "4", or "none").
    """

    quiet_from: str | None = None
    quiet_to: str | None = None
    breaks_quiet: tuple[int, ...] = (1, 2)
    channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def ways(self, level: int | None) -> tuple[str, ...]:
        """The channels for a level; every channel where nothing is declared."""
        return self.channels.get(level_key(level), CHANNELS)


def level_key(level: int | None) -> str:
    """A level as a key of JSON."""
    return NO_LEVEL if level is None else str(level)


def placeholders(words: Text) -> set[str]:
    """The names in braces, in either language."""
    return set(_PLACEHOLDER.findall(words["zh"])) | set(_PLACEHOLDER.findall(words["en"]))


def fill(words: Text, values: Mapping[str, Text]) -> Text:
    """The words with every placeholder replaced; what is not known becomes a dash.

    A value is put in as it is: braces in it are no placeholders.
    """
    return text(_filled(words["zh"], values, "zh"), _filled(words["en"], values, "en"))


def _filled(words: str, values: Mapping[str, Text], language: str) -> str:
    def value(found: re.Match[str]) -> str:
        said = values.get(found[1])
        return "—" if said is None else str(said[language])  # type: ignore[literal-required]

    return _PLACEHOLDER.sub(value, words)
