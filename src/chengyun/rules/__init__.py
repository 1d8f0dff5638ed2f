"""Rules (规则): what is looked for in readings and cases, and the signals that come of it.

Words: a *rule* reads *inputs* (a property, over a window) and *figures* (thresholds a city may
set) in *conditions*, one for each *level* of severity I (worst) … IV. Where it stands with one
thing is a *standing*; one that is not calm shows as a *signal*, which opens, grows worse, eases and
closes, is acknowledged and judged, and does what the rule says: a case, a notice, an incident.

`decide.engine` evaluates batches over columns; `decide.reference` says the same one reading at a
time in plain Python. `verbs.step` follows the batches of sensing once, all in one transaction.
"""
