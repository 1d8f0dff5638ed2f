"""Files of reference data: one module a kind, found by being here.

A kind's module has a docstring whose first line is its one-line help, and
`bring_in(asked: Asked) -> JsonObject`: the counts read = created + changed + unchanged + rejected,
and `rejects_file` ("" if nothing was refused). A name's `_` is `-` on the command line, and a
trailing one is not part of it.
"""
