"""How much one device may say: a bucket each, so that one that went mad cannot crowd out others."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Rates:
    """Buckets that fill by `a_second` and hold `burst` messages.

    What was acknowledged is kept whatever the rate; who is over it is let out for a while.
    """

    a_second: float
    burst: float
    _level: dict[bytes, tuple[float, float]] = field(default_factory=dict)
    _kept: int = 200_000

    def over(self, spoke: Mapping[bytes, int], at: float) -> list[bytes]:
        """Devices that said more than they may.

        Args:
            spoke: messages by device since the last call. at: seconds of a clock that only climbs.
        """
        found = []
        for code, count in spoke.items():
            left, since = self._level.get(code, (self.burst, at))
            left = min(self.burst, left + (at - since) * self.a_second) - count
            if left < 0:
                found.append(code)
                left = self.burst
            self._level[code] = (left, at)
        if len(self._level) > self._kept:
            self._level = {k: v for k, v in self._level.items() if at - v[1] < self.burst}
        return found
