"""Which types and attributes there are in sight: CIM 009 §6.26 to §6.29."""

from typing import Any

from django.http import HttpResponse

from chengyun.app.ngsild.contexts import terms_of_query
from chengyun.app.ngsild.doors import answer, door, said_of
from chengyun.app.ngsild.naming import Names
from chengyun.app.ngsild.terms import Terms
from chengyun.kernel.problems import NotFound
from chengyun.kernel.request import Request


def _types(request: Request) -> HttpResponse:
    terms, names = terms_of_query(request), Names(request.actor)
    if said_of(request).get("details", "").lower() == "true":
        rows = [
            {
                "id": one,
                "type": "EntityType",
                "typeName": terms.shrink(one),
                "attributeNames": sorted(terms.shrink(name) for name in names.types[one]),
            }
            for one in sorted(names.counts)
        ]
        return answer(request, rows, terms)
    held = {
        "id": "urn:ngsi-ld:EntityTypeList:chengyun",
        "type": "EntityTypeList",
        "typeList": sorted(terms.shrink(one) for one in names.counts),
    }
    return answer(request, held, terms)


def _type(request: Request, name: str) -> HttpResponse:
    terms, names = terms_of_query(request), Names(request.actor)
    full = terms.expand(name)
    if full not in names.counts:
        raise NotFound(f"There is no type {name[:200]}.", code="ResourceNotFound")
    details = [
        {
            "id": one,
            "type": "Attribute",
            "attributeName": terms.shrink(one),
            "attributeTypes": sorted(kinds),
        }
        for one, kinds in sorted(names.types[full].items())
    ]
    held = {
        "id": full,
        "type": "EntityTypeInfo",
        "typeName": terms.shrink(full),
        "entityCount": names.counts[full],
        "attributeDetails": details,
    }
    return answer(request, held, terms)


def _described(names: Names, one: str, terms: Terms) -> dict[str, Any]:
    holders = [kind for kind, held in names.types.items() if one in held]
    kinds = {each for kind in holders for each in names.types[kind][one]}
    return {
        "id": one,
        "type": "Attribute",
        "attributeName": terms.shrink(one),
        "attributeTypes": sorted(kinds),
        "typeNames": sorted(terms.shrink(kind) for kind in holders),
    }


def _attributes(request: Request) -> HttpResponse:
    terms, names = terms_of_query(request), Names(request.actor)
    if said_of(request).get("details", "").lower() == "true":
        rows = [_described(names, one, terms) for one in sorted(names.having)]
        for row in rows:
            row.pop("attributeTypes")
        return answer(request, rows, terms)
    held = {
        "id": "urn:ngsi-ld:AttributeList:chengyun",
        "type": "AttributeList",
        "attributeList": sorted(terms.shrink(one) for one in names.having),
    }
    return answer(request, held, terms)


def _attribute(request: Request, name: str) -> HttpResponse:
    terms, names = terms_of_query(request), Names(request.actor)
    full = terms.expand(name)
    if full not in names.having:
        raise NotFound(f"There is no attribute {name[:200]}.", code="ResourceNotFound")
    held = {**_described(names, full, terms), "attributeCount": names.having[full]}
    return answer(request, held, terms)


types = door(get=_types)
type_ = door(get=_type)
attributes = door(get=_attributes)
attribute = door(get=_attribute)
