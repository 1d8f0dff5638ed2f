"""How well the city's offices do, and how sure one can be of it (综合评价).

Words: a *mark* says that a case set a counter for a unit and an area at an instant; a *figure* is
the number of marks of one counter in one row of a table; a *scheme* is the dated data by which
rates become a score and a grade; a *finding* is a pattern that looks like gaming and lists its
cases; a *published table* is frozen; an *objection* is a unit's word against one of its figures.
Marks are a pure fold of the cases' events and can be rebuilt at any time. Nobody's personal work
is scored: rows are units, areas, and posts of an area.
Verbs: rebuild, search, decide a finding, publish, object, decide an objection.
"""
