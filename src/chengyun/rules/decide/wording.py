"""Words and figures of a rule as people read them."""

import re
from collections.abc import Mapping

from chengyun.kernel.text import Text, text
from chengyun.rules.decide.declared import Rule

_PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
_ZH = {1: "Ⅰ级", 2: "Ⅱ级", 3: "Ⅲ级", 4: "Ⅳ级"}


def number(value: float) -> str:
    """A number without digits that say nothing: 3 figures behind the point, none of them 0."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def said_of(rule: Rule, words: Mapping[str, float | None], severity: int) -> dict[str, Text]:
    """The placeholders a rule's texts may use: its words with units, and the level."""
    found = {"level": text(_ZH[severity], _ROMAN[severity])}
    for name, value in words.items():
        figure = rule.figures.get(name)
        unit = f" {figure.unit}" if figure and figure.unit not in ("", "1") else ""
        said = "—" if value is None else f"{number(value)}{unit}"
        found[name] = text(said, said)
    return found


def filled(words: Text, values: Mapping[str, Text]) -> Text:
    """Both languages with every placeholder replaced; what is not known becomes a dash."""

    def one(said: str, language: str) -> str:
        def value(found: re.Match[str]) -> str:
            known = values.get(found[1])
            return "—" if known is None else str(known[language])  # type: ignore[literal-required]

        return _PLACEHOLDER.sub(value, said)

    return text(one(words["zh"], "zh"), one(words["en"], "en"))
