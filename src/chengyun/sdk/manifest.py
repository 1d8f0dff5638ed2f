"""`pack.toml`: what a pack is called, what it is and which packs it needs."""

from typing import Annotated, Literal

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Slug

Version = Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]


class PackManifest(Declared):
    """The manifest. `kind` says what the pack is for:

    - `standard`: kinds, duties, calendars and clocks that cities build on;
    - `demo`: simulated organisations, people and reports;
    - `city`: a city of its own with the mapping that imports its files;
    - `scenario`: what is sensed, looked for and done in one matter, on or off by area;
    - `local`: what a city changed itself.
    """

    name: Slug
    version: Version
    title: Name
    kind: Literal["standard", "demo", "city", "scenario", "local"]
    requires: tuple[Slug, ...] = ()
    source: str = Field(min_length=1)
    owner: Name | None = None
    description: Name | None = None
