"""The unified social credit code of a legal unit (GB 32100-2015): 18 signs, the last a check."""

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, at, 31) for at in range(17))


def check_sign(first: str) -> str:
    """The last sign for the first 17. Raises ValueError for a sign that is none."""
    if len(first) != 17:
        raise ValueError("17 signs are needed")
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(first, _WEIGHTS, strict=True))
    return _SIGNS[-total % 31]


def is_credit_code(code: str) -> bool:
    """Whether a text is such a code with the right check sign."""
    return (
        len(code) == 18
        and all(sign in _SIGNS for sign in code)
        and check_sign(code[:17]) == code[17]
    )
