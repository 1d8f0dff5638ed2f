"""What can be measured: kinds of things and their properties."""

from chengyun.sensing.models import ThingKind


def measured() -> dict[str, set[str]]:
    """Kind of things → the properties its things measure."""
    return {
        kind.id: {one["property"] for one in kind.content["streams"]}
        for kind in ThingKind.objects.all()
    }
