"""Areas in a text: how well a path of areas fits them, and answers that are areas only."""

from collections.abc import Iterator
from dataclasses import dataclass

from chengyun.places.decide.geocoding.answers import Candidate, Reason
from chengyun.places.decide.geocoding.book import Book
from chengyun.places.decide.geocoding.reading import Mention

# Score lost when the text names another city, district, street, community. A street's border is
# often told wrong by who lives beside it.
_DIFFERS = (0.4, 0.3, 0.07, 0.04, 0.03)
_MOST_AREAS = 6
_ALONE = 0.9
_BESIDE = 0.3
_SILENT = 0.02


@dataclass(frozen=True)
class Fit:
    """How paths of areas fit the areas a text names."""

    areas: tuple[Mention, ...]

    def cost(self, path: tuple[str, ...]) -> tuple[float, tuple[Reason, ...]]:
        """What is lost, and why."""
        lost, fits, differs = 0.0, "", ""
        for mention in self.areas:
            costs = []
            for depth, name, short in mention.meant:
                if name in path:
                    costs = [0.0]
                    fits = name if depth else fits
                    break
                if depth < len(path) and path[depth]:
                    costs.append(_DIFFERS[min(depth, 4)] * (0.4 if short else 1.0))
                else:
                    costs.append(0.0)
            cost = min(costs, default=0.0)
            if cost:
                differs = mention.meant[0][1]
            lost = max(lost, cost)
        if differs and lost:
            return lost, (Reason("area_differs", differs),)
        if fits:
            return 0.0, (Reason("area", fits),)
        return _SILENT, (Reason("no_area"),)


def fit(areas: tuple[Mention, ...]) -> Fit:
    """How paths fit these areas."""
    return Fit(areas)


def area_candidates(book: Book, areas: tuple[Mention, ...], *, alone: bool) -> Iterator[Candidate]:
    """The finest areas a text names, as answers of their own."""
    if not areas:
        return
    ranked = []
    told = {name for mention in areas for _, name, _ in mention.meant}
    for path, place in (held for name in told for held in book.places_by_last.get(name, ())):
        named = sum(any(name in path for _, name, _ in mention.meant) for mention in areas)
        ranked.append((named, len(path), path, place))
    ranked.sort(key=lambda one: (-one[0], -one[1]))
    if not ranked:
        return
    top = ranked[0][:2]
    level_score = _ALONE if alone else _BESIDE
    for named, depth, path, place in ranked[:_MOST_AREAS]:
        if (named, depth) < top:
            break
        yield Candidate(
            id="",
            code=place.code,
            text="".join(path),
            level="area",
            score=level_score,
            rank=level_score,
            areas=path,
            lon=place.lon,
            lat=place.lat,
            reasons=(Reason("only_area"),),
            same=path,
        )
