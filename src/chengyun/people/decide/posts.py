"""Which posts one person may hold together (监督与指挥分离, 三员分立), and in which organisations.

Source: domain.md §1.1 (supervision and command are separate bodies; whoever dispatches or
disposes may never close or score) and trust.md (three exclusive administrators).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chengyun.kernel.actor import ADMIN_POSTS, POSTS
from chengyun.kernel.text import Text, text

# Finds, accepts, files, checks, closes and scores.
SUPERVISION_POSTS = frozenset({"collector", "acceptor", "shift_leader", "evaluator"})
# Sends out and puts right.
COMMAND_POSTS = frozenset({"dispatcher", "department", "handler"})

# Posts a second factor must stand behind (trust.md: admin and command).
SECOND_FACTOR_POSTS = ADMIN_POSTS | {"leader"}

OrganisationKind = Literal[
    "supervision_center", "command_center", "ops_center", "department", "committee", "company"
]
ORGANISATION_KINDS: tuple[OrganisationKind, ...] = (
    "supervision_center",
    "command_center",
    "ops_center",
    "department",
    "committee",
    "company",
)

# A centre of one side gives no post of the other. An operations centre (城运中心) and a residents'
# committee stand on both sides as bodies; there the separation is between persons.
_BARRED: dict[str, frozenset[str]] = {
    "supervision_center": COMMAND_POSTS,
    "command_center": SUPERVISION_POSTS | {"department", "handler"},
    "department": SUPERVISION_POSTS,
    "company": SUPERVISION_POSTS,
}

NAMES: dict[str, Text] = {
    "collector": text("采集员", "collector"),
    "acceptor": text("受理员", "acceptor"),
    "shift_leader": text("值班长", "shift leader"),
    "dispatcher": text("派遣员", "dispatcher"),
    "department": text("处置部门", "department"),
    "handler": text("处置人员", "handler"),
    "evaluator": text("考核员", "evaluator"),
    "leader": text("领导", "leader"),
    "system_admin": text("系统管理员", "system administrator"),
    "security_admin": text("安全管理员", "security administrator"),
    "audit_admin": text("审计管理员", "audit administrator"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A post held from an instant until another (exclusive); no end means until dismissed."""

    post: str
    start: datetime
    end: datetime | None = None

    def overlaps(self, other: "Term") -> bool:
        """Whether there is an instant at which both are held."""
        return (other.end is None or self.start < other.end) and (
            self.end is None or other.start < self.end
        )


@dataclass(frozen=True, slots=True)
class Clash:
    """Two posts that one person may not hold at the same time, and why."""

    post: str
    other: str
    code: str
    reason: Text


def clash(post: str, other: str) -> Clash | None:
    """Why two posts exclude each other, None when they may be held together."""
    if post == other:
        return None
    pair = {post, other}
    ours, theirs = NAMES[post], NAMES[other]
    if pair <= ADMIN_POSTS:
        return Clash(
            post,
            other,
            "administrators_exclusive",
            text(
                f"三员分立：{ours['zh']}不得兼任{theirs['zh']}。",
                f"The three administrators exclude each other: a {ours['en']} may not also be "
                f"{theirs['en']}.",
            ),
        )
    if pair & ADMIN_POSTS:
        return Clash(
            post,
            other,
            "administrator_handles_no_cases",
            text(
                f"管理员不得经办案件：{ours['zh']}与{theirs['zh']}不得由同一人担任。",
                f"Administrators take no part in cases: {ours['en']} and {theirs['en']} may not "
                "be one person.",
            ),
        )
    if pair & SUPERVISION_POSTS and pair & COMMAND_POSTS:
        return Clash(
            post,
            other,
            "supervision_and_command_separate",
            text(
                f"监督与指挥分离：{ours['zh']}与{theirs['zh']}不得由同一人担任。",
                "Whoever dispatches or handles may not check, close or score: "
                f"{ours['en']} and {theirs['en']} may not be one person.",
            ),
        )
    return None


def clashes(wanted: Term, held: Iterable[Term]) -> list[Clash]:
    """Every held post that forbids the wanted one during a common instant."""
    found = [clash(wanted.post, term.post) for term in held if wanted.overlaps(term)]
    return [one for one in found if one is not None]


def known(post: str) -> bool:
    """Whether the product has such a post."""
    return post in POSTS


def fits(post: str, kind: str) -> bool:
    """Whether an organisation of this kind may give the post."""
    return post not in _BARRED.get(kind, frozenset())
