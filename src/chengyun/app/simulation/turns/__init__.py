"""What simulated people do next, state by state."""

from chengyun.app.simulation.turns.planning import Turns

__all__ = ["Turns"]
