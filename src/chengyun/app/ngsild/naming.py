"""Types and attributes that are in sight, counted."""

from collections import Counter, defaultdict

from django.db.models import Count

from chengyun.app.ngsild.register import THING
from chengyun.app.ngsild.showing import LOCATION
from chengyun.app.ngsild.terms import DEFAULT
from chengyun.kernel.actor import Actor
from chengyun.sensing.models import Thing
from chengyun.sensing.reads import context


class Names:
    """Types with their attributes and how many entities have them; kinds of each attribute."""

    def __init__(self, actor: Actor) -> None:
        self.types: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.counts: Counter[str] = Counter()
        self.having: Counter[str] = Counter()
        seen = Thing.objects.visible_to(actor).exclude(state="retired")
        for kind, n in seen.values_list("kind_id").annotate(n=Count("id")).order_by():
            self._add([DEFAULT + kind, THING], {DEFAULT + "name": "Property"}, n)
        placed = seen.filter(lon__isnull=False).values_list("kind_id").annotate(n=Count("id"))
        for kind, n in placed.order_by():
            self._say([DEFAULT + kind, THING], {LOCATION: "GeoProperty"}, n)
        measured = seen.filter(datastreams__isnull=False).values_list(
            "kind_id", "datastreams__code"
        )
        for kind, code, n in measured.annotate(n=Count("id")).order_by():
            self._say([DEFAULT + kind, THING], {DEFAULT + code: "Property"}, n)
        for types, said, n in context.named(actor):
            self._add(types, said, n)

    def _add(self, types: list[str], said: dict[str, str], n: int) -> None:
        for one in types:
            self.counts[one] += n
        self._say(types, said, n)

    def _say(self, types: list[str], said: dict[str, str], n: int) -> None:
        for one in types:
            for name, kind in said.items():
                self.types[one][name].add(kind or "Property")
        for name in said:
            self.having[name] += n
