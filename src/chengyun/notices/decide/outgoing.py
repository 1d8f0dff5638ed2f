"""What a channel is handed, and what it answers."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from chengyun.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser that takes pushes: where, and the keys only it can open them with."""

    id: UUID
    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One notice for one recipient by one channel, as often as it is tried.

    `key` stays the same over all tries, so that the other side can know a second one.
    """

    key: str
    notice_id: UUID
    title: Text
    body: Text
    # "zh-CN", "en"; empty: both, for somebody whose language is not known.
    locale: str
    level: int | None
    link: str
    seconds_left: int
    mail: str = ""
    phone: str = ""
    subscriptions: tuple[Subscription, ...] = ()

    def words(self) -> tuple[str, str]:
        """Title and body in the recipient's language, in both where it is not known."""
        zh, en = self.title, self.body
        if self.locale.startswith("zh"):
            return zh["zh"], en["zh"]
        if self.locale:
            return zh["en"], en["en"]
        return f"{zh['zh']} / {zh['en']}", f"{en['zh']}\n\n{en['en']}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a try.

    `sent`: the next house took it; `delivered`: it reached the person; `later`: try again;
    `failed`: there is no sense in trying again. `sunk` went to the local sink for want of a
    configured gateway; `gone` are browsers that take no more pushes.
    """

    state: Literal["sent", "delivered", "later", "failed"]
    receipt: str = ""
    error: str = ""
    sunk: bool = False
    gone: tuple[UUID, ...] = field(default=())
