"""Point layers as Mapbox vector tiles (specification 2.1), written and read, purely."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chengyun.places.decide.tiling import EXTENT

Value = str | int | float | bool
_VERSION, _POINT, _MOVE_TO = 2, 1, 1
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
_LONGEST_VARINT = 10


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in tile units; `id` is not negative."""

    id: int
    x: int
    y: int
    says: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Written:
    """A tile's bytes, and how many spots the cap left out."""

    body: bytes
    left_out: int


def write(name: str, spots: Sequence[Spot], most: int) -> Written:
    """One layer with the first `most` spots; no spots, no layer (an empty body)."""
    kept = spots[:most]
    if not kept:
        return Written(b"", len(spots))
    keys: dict[str, int] = {}
    values: dict[tuple[type, Value], int] = {}
    parts = [_field(1, name.encode())]
    for spot in kept:
        tags = bytearray()
        for key, value in spot.says.items():
            tags += _varint(keys.setdefault(key, len(keys)))
            tags += _varint(values.setdefault((type(value), value), len(values)))
        moves = _varint(_MOVE_TO | 1 << 3) + _varint(_zigzag(spot.x)) + _varint(_zigzag(spot.y))
        body = _whole(1, spot.id) + _field(2, bytes(tags)) + _whole(3, _POINT) + _field(4, moves)
        parts.append(_field(2, body))
    parts += [_field(3, key.encode()) for key in keys]
    parts += [_field(4, _value(value)) for _, value in values]
    parts += [_whole(5, EXTENT), _whole(15, _VERSION)]
    return Written(_field(3, b"".join(parts)), len(spots) - len(kept))


def read(body: bytes) -> dict[str, list[Spot]]:
    """The spots of each layer. ValueError when the bytes are no tile of single points."""
    layers: dict[str, list[Spot]] = {}
    for number, layer in _fields(body):
        if number == 3:
            name, spots = _layer(_raw(layer))
            layers[name] = spots
    return layers


def _layer(body: bytes) -> tuple[str, list[Spot]]:
    name, keys, values, features = "", list[str](), list[Value](), list[bytes]()
    for number, said in _fields(body):
        match number:
            case 1:
                name = _raw(said).decode()
            case 2:
                features.append(_raw(said))
            case 3:
                keys.append(_raw(said).decode())
            case 4:
                values.append(_said(_raw(said)))
    return name, [_spot(feature, keys, values) for feature in features]


def _spot(body: bytes, keys: Sequence[str], values: Sequence[Value]) -> Spot:
    said = dict(_fields(body))
    tags, moves = _varints(_raw(said.get(2, b""))), _varints(_raw(said.get(4, b"")))
    if said.get(3) != _POINT or len(moves) != 3 or moves[0] != _MOVE_TO | 1 << 3 or len(tags) % 2:
        raise ValueError("not a single point")
    try:
        says = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
    except IndexError as wrong:
        raise ValueError("a tag without its key or value") from wrong
    number = said.get(1, 0)
    if isinstance(number, bytes):
        raise ValueError("an id that is no number")
    return Spot(number, _unzigzag(moves[1]), _unzigzag(moves[2]), says)


def _value(value: Value) -> bytes:
    if isinstance(value, bool):
        return _whole(7, int(value))
    if isinstance(value, int):
        return _whole(6, _zigzag(value))
    if isinstance(value, float):
        return _varint(3 << 3 | _EIGHT) + struct.pack("<d", value)
    return _field(1, value.encode())


def _said(body: bytes) -> Value:
    for number, said in _fields(body):
        if isinstance(said, bytes):
            if number == 1:
                return said.decode()
            if len(said) not in (4, 8):
                raise ValueError("a value of no known kind")
            return float(struct.unpack("<d" if len(said) == 8 else "<f", said)[0])
        return bool(said) if number == 7 else _unzigzag(said) if number == 6 else said
    raise ValueError("an empty value")


def _fields(body: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(body):
        tag, at = _next(body, at)
        if tag & 7 == _VARINT:
            said, at = _next(body, at)
            yield tag >> 3, said
            continue
        size = {_EIGHT: 8, _FOUR: 4}.get(tag & 7)
        if size is None:
            if tag & 7 != _BYTES:
                raise ValueError("an unknown wire type")
            size, at = _next(body, at)
        if at + size > len(body):
            raise ValueError("ends too early")
        yield tag >> 3, body[at : at + size]
        at += size


def _next(body: bytes, at: int) -> tuple[int, int]:
    found = 0
    for place, byte in enumerate(body[at : at + _LONGEST_VARINT]):
        found |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return found, at + place + 1
    raise ValueError("a number without end")


def _varints(body: bytes) -> list[int]:
    found, at = list[int](), 0
    while at < len(body):
        one, at = _next(body, at)
        found.append(one)
    return found


def _raw(said: int | bytes) -> bytes:
    if isinstance(said, int):
        raise ValueError("a number where bytes belong")
    return said


def _varint(number: int) -> bytes:
    if not 0 <= number < 1 << 64:
        raise ValueError("a number beyond 64 bits")
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def _whole(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _field(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(body)) + body


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _unzigzag(number: int) -> int:
    return number >> 1 ^ -(number & 1)
