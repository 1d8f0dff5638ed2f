"""`case_kinds/*.yaml` and `schemes.yaml`: the case kinds of one major class, and coding schemes."""

from typing import Any, Literal

from pydantic import Field

from chengyun.sdk.declared import Declared, LimitText, Name, Provenance, Scheme, Slug

Role = Literal[
    "sanitation",
    "landscaping",
    "municipal_works",
    "drainage",
    "water_supply",
    "gas_heat",
    "urban_enforcement",
    "subdistrict",
    "traffic_police",
    "power",
    "telecom",
    "river_water",
    "housing_construction",
    "ecology",
    "asset_owner",
    "street_center",
]
"""What a department answers for; organisations carry the same words."""

KindType = Literal["component", "event", "matter", "request"]

ConditionClass = Literal[
    "hazard",
    "blocked",
    "damaged",
    "dirty",
    "light_out",
    "wrong_hours",
    "wrong_sign",
    "abandoned",
    "unauthorised",
    "nuisance",
    "other",
]


class SchemeDeclared(Declared):
    """A coding scheme. At most one scheme over all loaded packs is the default for new reports.

    `component_code` is how the scheme writes a component's 16 digits (county, major class, minor
    class, number), `component_near_m` how far from a case a component is still proposed for it.
    """

    id: Scheme
    title: Name
    default: bool = False
    codes: Literal["published", "local"] = "published"
    component_code: Literal["6+2+2+6", "6+2+3+5"] | None = None
    component_near_m: float | None = Field(default=None, gt=0, le=1_000)
    note: str = ""


class SchemesFile(Provenance):
    """`schemes.yaml`."""

    schemes: tuple[SchemeDeclared, ...] = Field(min_length=1)


class MajorDeclared(Declared):
    """The major class a file is about."""

    code: str
    name: Name


class ConditionDeclared(Declared):
    """A filing condition: when it holds, what counts as solved, and how long it may take.

    `also` keeps further limits the source gives for the same class of condition, `level` is the
    event level 1 (gravest) to 4.
    """

    id: Slug
    condition: ConditionClass
    text: Name
    closing: Name
    limit: LimitText
    also: tuple[LimitText, ...] = ()
    level: int | None = Field(default=None, ge=1, le=4)
    note: str = ""


class EvidenceDeclared(Declared):
    """How many photos are compulsory: with the report, before and after handling."""

    scene: int = Field(default=0, ge=0, le=9)
    before: int = Field(default=0, ge=0, le=9)
    after: int = Field(default=0, ge=0, le=9)


class KindDeclared(Declared):
    """One case kind. Its id is `<scheme>/<type>/<code>`.

    `roles` are the responsible departments, lead first; `form` names a file of `forms/`; `check` is
    false where a case may close without a collector's check; `unrouted` kinds wait for a person, so
    no duty list has to name them.
    """

    code: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$", max_length=80)
    minor: str = ""
    name: Name
    roles: tuple[Role, ...] = Field(min_length=1)
    conditions: tuple[ConditionDeclared, ...] = Field(min_length=1)
    evidence: EvidenceDeclared = EvidenceDeclared()
    public: bool = False
    check: bool = True
    unrouted: bool = False
    form: Slug | None = None
    note: str = ""


class KindsFile(Provenance):
    """`case_kinds/*.yaml`: the kinds of one major class of one scheme."""

    scheme: Scheme
    type: KindType
    major: MajorDeclared
    kinds: tuple[KindDeclared, ...] = Field(min_length=1)


class FormFile(Provenance):
    """`forms/*.yaml`: a JSON Schema (2020-12 subset) of further facts about a case.

    Each property carries `title` (English) and `x-title: {zh, en}` for the screen.
    """

    json_schema: dict[str, Any] = Field(alias="schema")
