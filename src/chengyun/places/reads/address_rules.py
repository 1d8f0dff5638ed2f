"""What packs say of addresses; without any, there are no codes and leaders approve."""

from dataclasses import dataclass

from chengyun.places.decide.coding import CodeRules
from chengyun.places.models import AddressRules
from chengyun.places.policy import APPROVE_POSTS


@dataclass(frozen=True, slots=True)
class AddressLaw:
    """The rules in force. `verified` is false until a city confirms the digits."""

    codes: CodeRules | None
    approve_posts: tuple[str, ...]
    source: str
    verified: bool


def address_rules() -> AddressLaw:
    """The rules loaded last."""
    row = AddressRules.objects.order_by("-loaded_at", "-id").values_list("content").first()
    if row is None:
        return AddressLaw(None, APPROVE_POSTS, "", verified=False)
    content = row[0]
    first, second, third = (int(digits) for digits in content["widths"])
    codes = CodeRules(
        (first, second, third), int(content["degree_decimals"]), int(content["height_decimals"])
    )
    return AddressLaw(
        codes, tuple(content["approve_posts"]), content["source"], bool(content["verified"])
    )
