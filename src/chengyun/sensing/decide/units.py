"""Converting between the few units that devices use for one thing, as UCUM writes them."""

from chengyun.sensing.decide.points import Malformed

# unit → (dimension, factor to the dimension's first unit, offset after the factor).
_UNITS: dict[str, tuple[str, float, float]] = {
    "m": ("length", 1.0, 0.0),
    "cm": ("length", 0.01, 0.0),
    "mm": ("length", 0.001, 0.0),
    "km": ("length", 1000.0, 0.0),
    "m/s": ("speed", 1.0, 0.0),
    "km/h": ("speed", 1 / 3.6, 0.0),
    "mm/h": ("rain", 1.0, 0.0),
    "Cel": ("temperature", 1.0, 0.0),
    "K": ("temperature", 1.0, -273.15),
    "[degF]": ("temperature", 5 / 9, -160 / 9),
    "Pa": ("pressure", 1.0, 0.0),
    "hPa": ("pressure", 100.0, 0.0),
    "mbar": ("pressure", 100.0, 0.0),
    "kPa": ("pressure", 1_000.0, 0.0),
    "MPa": ("pressure", 1e6, 0.0),
    "bar": ("pressure", 1e5, 0.0),
    "ug/m3": ("density", 1.0, 0.0),
    "mg/m3": ("density", 1_000.0, 0.0),
    "mg/L": ("density", 1e6, 0.0),
    "g/m3": ("density", 1e6, 0.0),
    "L": ("volume", 1.0, 0.0),
    "m3": ("volume", 1_000.0, 0.0),
    "L/s": ("flow", 1.0, 0.0),
    "m3/s": ("flow", 1_000.0, 0.0),
    "m3/h": ("flow", 1 / 3.6, 0.0),
    "s": ("time", 1.0, 0.0),
    "ms": ("time", 0.001, 0.0),
    "min": ("time", 60.0, 0.0),
    "h": ("time", 3_600.0, 0.0),
    "%": ("share", 0.01, 0.0),
    "[ppm]": ("share", 1e-6, 0.0),
    "[ppb]": ("share", 1e-9, 0.0),
    "1": ("share", 1.0, 0.0),
    "V": ("voltage", 1.0, 0.0),
    "mV": ("voltage", 0.001, 0.0),
    "deg": ("angle", 1.0, 0.0),
    "rad": ("angle", 57.29577951308232, 0.0),
    "kg": ("mass", 1.0, 0.0),
    "g": ("mass", 0.001, 0.0),
    "t": ("mass", 1_000.0, 0.0),
}
# What senders write instead of the UCUM code (SenML's own among them, RFC 8428 §12.1).
_SPELLED = {
    "°C": "Cel",
    "℃": "Cel",
    "C": "Cel",
    "°F": "[degF]",
    "µg/m3": "ug/m3",
    "μg/m³": "ug/m3",
    "ug/m³": "ug/m3",
    "mg/m³": "mg/m3",
    "m³": "m3",
    "m³/s": "m3/s",
    "l": "L",
    "/": "1",
    "%RH": "%",
    "ppm": "[ppm]",
    "ppb": "[ppb]",
    "°": "deg",
    "dBA": "dB[A]",
    "dB(A)": "dB[A]",
}


def convert(value: float, given: str, wanted: str) -> float:
    """A value in the wanted unit.

    Raises:
        Malformed: the two measure different things, or one is unknown.
    """
    given, wanted = _SPELLED.get(given, given), _SPELLED.get(wanted, wanted)
    if given == wanted or not given:
        return value
    one, other = _UNITS.get(given), _UNITS.get(wanted)
    if one is None or other is None or one[0] != other[0]:
        raise Malformed("wrong_unit", f"in {given[:20]}, but the datastream is in {wanted}")
    return (value * one[1] + one[2] - other[2]) / other[1]
