"""The catalogue of what can be drawn as tiles."""

from pydantic import BaseModel

from chengyun.kernel.text import Text


class TileCollectionOut(BaseModel):
    """A collection; `own_rows`: each sees other features; `history`: `at=` is understood."""

    id: str
    title: Text
    geometry: str
    fields: dict[str, str]
    bbox: tuple[float, float, float, float] | None
    min_zoom: int
    own_rows: bool
    history: bool
    url: str


class TileCollectionsOut(BaseModel):
    items: list[TileCollectionOut]
