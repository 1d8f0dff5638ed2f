"""The deciding core of the case loop: pure values and functions, no storage, no clock of its own.

`decider.decide(state, command, context)` answers with events or a refusal, `fold.evolve` puts an
event onto a state, `offers.offered` names the moves somebody may make, `sentences.sentence` tells
an event in plain words. Time, route, calendar and limits come in as values.
"""
