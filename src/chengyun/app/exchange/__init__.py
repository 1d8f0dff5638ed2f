"""In and out: tables of any origin become history, history becomes tables, rows become life.

`importing` keeps original times and states; `exporting` writes what `importing` takes; `replaying`
plays rows through the doors of a running node.
"""
