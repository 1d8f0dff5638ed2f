"""Who gets a case, and why: the duty list (权责清单), routing by it, and who of a unit should go.

Words: a *duty list* is a version of a city's list, draft until another person than its author
activates it, then immutable; an *entry* says which unit leads and which co-handle, by kind, area,
attributes, time and source; a *route* is the answer for one case with its reasons; an *outcome* is
what became of a case that a rule dispatched. Refusals and re-dispatches never change a list: they
show in its quality report. Verbs: save, import, activate, retire a list; record a skill.
"""
