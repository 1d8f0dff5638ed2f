"""What can be done: rebuild, load schemes, search and decide findings, publish, object."""

from chengyun.vitals.verbs.finding import decide_finding, search
from chengyun.vitals.verbs.following import keep_cases
from chengyun.vitals.verbs.objecting import decide_objection, object_to
from chengyun.vitals.verbs.publishing import publish
from chengyun.vitals.verbs.rebuilding import rebuild
from chengyun.vitals.verbs.schemes import load_checks, load_schemes

__all__ = [
    "decide_finding",
    "decide_objection",
    "keep_cases",
    "load_checks",
    "load_schemes",
    "object_to",
    "publish",
    "rebuild",
    "search",
]
