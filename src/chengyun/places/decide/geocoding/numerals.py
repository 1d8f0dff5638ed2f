"""Chinese numerals as whole numbers: 两百三十 → 230, 廿三 → 23, 一〇五 → 105, 一百一 → 110."""

DIGITS = {
    **dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
    **dict(zip("两壹贰叁肆伍陆柒捌玖", (2, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
}
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
SHORT = {"廿": 20, "卅": 30}
LETTERS = "".join((*DIGITS, *TENS, *SHORT))
LONGEST = 9
"""More signs than this are no house number."""


def number(signs: str) -> int | None:
    """The value of a run of Chinese numerals; None where it is no number one would say."""
    if not signs or len(signs) > LONGEST:
        return None
    if all(sign in DIGITS for sign in signs):
        return int("".join(str(DIGITS[sign]) for sign in signs))
    return _spoken(signs)


def _spoken(signs: str) -> int | None:
    total, digit, last, zero = 0, -1, 10_000, False
    for sign in signs:
        if sign in DIGITS:
            if digit > 0:
                return None
            digit, zero = DIGITS[sign], zero or DIGITS[sign] == 0
        elif sign in SHORT:
            if total or digit > 0:
                return None
            total, digit, last = SHORT[sign], -1, 10
        else:
            unit = TENS[sign]
            if unit >= last:
                return None
            total, digit, last, zero = total + (digit if digit > 0 else 1) * unit, -1, unit, False
    if digit > 0:
        # 一百一 is 110 where nothing was left out by a zero.
        total += digit * (last // 10 if not zero and last > 10 else 1)
    return total
