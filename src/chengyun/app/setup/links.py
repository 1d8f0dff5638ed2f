"""Whom `cy up` prints sign-in links for: post and the level of the organisation."""

LINKS = (
    ("acceptor", "district"),
    ("shift_leader", "district"),
    ("dispatcher", "district"),
    ("department", "street"),
    ("handler", "street"),
    ("collector", "street"),
    ("evaluator", "district"),
    ("leader", "city"),
    ("system_admin", "city"),
    ("security_admin", "city"),
    ("audit_admin", "city"),
)
