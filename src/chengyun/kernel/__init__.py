"""The ground every room stands on, with no city in it.

Words: an *actor* acts through *verbs*; a verb is one transaction that leaves *events* and one
*audit* row; *followers* read events later, in commit order; an *area* is a value.
"""
