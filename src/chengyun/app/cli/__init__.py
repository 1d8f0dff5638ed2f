"""The commands of `cy`: one module each, found by being here.

A command's module has a docstring whose first line is its one-line help, `add_parser(subparsers)`
and `run(args) -> int`. Only the module of the called command is imported, and it stays light: what
needs Django's models is a management command, run by `node.manage`. A trailing underscore is not
part of the name (`import_.py` is `cy import`).
"""
