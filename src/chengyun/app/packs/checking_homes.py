"""What is wrong with the homes of a pack. Pure."""

from collections.abc import Iterator

from chengyun.app.packs.faults import PackFault, meant
from chengyun.app.packs.loaded import LoadedPack
from chengyun.kernel.actor import POSTS
from chengyun.sdk.homes import CARDS


def home_faults(pack: LoadedPack) -> Iterator[PackFault]:
    """Posts and cards that nobody knows, cards shown twice, lines that are never reached."""
    for name, file in pack.home_files.items():
        reached: dict[str, set[str]] = {}
        for index, home in enumerate(file.homes):
            shown, where = f"{pack.name}/{name}", f"homes[{index}] ({home.post})"
            if home.post not in POSTS:
                yield PackFault(
                    shown, f"{where}.post", f"{home.post!r} is no post", meant(home.post, POSTS)
                )
            for card in home.cards:
                if card not in CARDS:
                    yield PackFault(
                        shown, f"{where}.cards", f"{card!r} is no card", meant(card, CARDS)
                    )
            for card in sorted({one for one in home.cards if home.cards.count(one) > 1}):
                yield PackFault(shown, f"{where}.cards", f"{card!r} stands twice", "Remove one")
            before = reached.setdefault(home.post, set())
            tiers = set(home.tiers) or {"*"}
            if "*" in before or tiers <= before:
                yield PackFault(
                    shown,
                    where,
                    "is never reached: lines before it fit already",
                    "Move it up, or remove it",
                )
            before |= tiers
