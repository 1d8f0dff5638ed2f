"""The geocoder over HTTP: text, point and beginning to places; one door for residents."""

from dataclasses import asdict

from django.http import HttpRequest
from ninja import Router

from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.kernel.throttle import caller_of, knock
from chengyun.places import reads
from chengyun.places.api.areas import city_asked, locate
from chengyun.places.schemas.geocoding import CompletionsOut, GeocodeOut, ReverseOut

router = Router()
public = Router(tags=["public"])
LONGEST_QUESTION = 10_000
PUBLIC_ASKS = 1_200
"""Questions an hour from one address without sign-in; typing asks with every sign."""


@router.get("/geocode", response=GeocodeOut)
def geocode(request: HttpRequest, q: str, city: int = 0, limit: int = 5) -> JsonObject:
    """Free text, also a whole complaint → its parts, and ranked places with score and reasons."""
    return reads.geocode(city_asked(None, city), _question(q), most=_few(limit))


@router.get("/geocode/reverse", response=ReverseOut)
def reverse_geocode(request: HttpRequest, lon: float, lat: float, limit: int = 5) -> JsonObject:
    """A point → the areas and grid that hold it, and the nearest addresses; 404 outside."""
    held = locate(request, lon, lat)
    city_no = reads.city_of(lon, lat)
    near = reads.geocoder(city_no).near(lon, lat, _few(limit)) if city_no else []
    return held | {"addresses": [asdict(one) for one in near]}


@router.get("/geocode/complete", response=CompletionsOut)
def complete_address(request: HttpRequest, q: str, city: int = 0, limit: int = 10) -> JsonObject:
    """What is being typed → addresses and areas that begin so."""
    found = reads.geocoder(city_asked(None, city)).complete(_question(q), _few(limit))
    return {"items": [one._asdict() for one in found]}


@public.get("/geocode", response=CompletionsOut)
def public_places(request: Request, q: str, city: int = 0) -> JsonObject:
    """The place a resident describes or begins to type; throttled."""
    knock("geocode", caller_of(request), limit=PUBLIC_ASKS, seconds=3_600, now=request.now)
    return {"items": reads.public_places(city_asked(None, city), _question(q))}


def _question(text: str) -> str:
    if not text.strip():
        raise Invalid([FieldError("q", "must say something", "empty")])
    if len(text) > LONGEST_QUESTION:
        raise Invalid([FieldError("q", f"at most {LONGEST_QUESTION:,} characters", "too_long")])
    return text


def _few(limit: int) -> int:
    return min(max(limit, 1), 20)
