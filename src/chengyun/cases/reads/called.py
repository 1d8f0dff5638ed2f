"""What the ids in a history are called, looked up as the sentences ask for them."""

from uuid import UUID

from chengyun.cases.models import Case
from chengyun.cases.reads.kinds import kinds
from chengyun.cases.reads.names import area_views, unit_views, user_names
from chengyun.kernel.text import Text, text

_SOMEBODY = "—"


class Called:
    """Answers `decide.wording.Names`; an id that is gone is called by a dash."""

    def __init__(self) -> None:
        self._users: dict[UUID, str] = {}
        self._cases: dict[UUID, str] = {}

    def org(self, org_id: UUID) -> Text:
        """An organisation's name."""
        found = unit_views([org_id]).get(org_id)
        return found["name"] if found else text(_SOMEBODY, _SOMEBODY)

    def user(self, user_id: UUID) -> str:
        """A person's name."""
        if user_id not in self._users:
            self._users[user_id] = user_names([user_id]).get(user_id, _SOMEBODY)
        return self._users[user_id]

    def kind(self, kind_id: str) -> Text:
        """A case kind's name."""
        brief = kinds().brief(kind_id)
        return brief["name"] if brief else text(kind_id, kind_id)

    def condition(self, kind_id: str, condition_id: str) -> Text:
        """The words of a filing condition."""
        entry = kinds().get(kind_id)
        found = entry.kind.condition(condition_id) if entry else None
        return found.text if found else text(condition_id, condition_id)

    def case(self, case_id: UUID) -> str:
        """A case's number."""
        if case_id not in self._cases:
            number = Case.objects.filter(pk=case_id).values_list("no", flat=True).first()
            self._cases[case_id] = number or _SOMEBODY
        return self._cases[case_id]

    def area(self, area_no: int) -> Text:
        """An area's name; a grid is called by its community."""
        found = area_views([area_no]).get(area_no)
        return found["name"] if found else text(_SOMEBODY, _SOMEBODY)
