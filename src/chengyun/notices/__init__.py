"""Telling people: what happened, whom it concerns, by which way, and whether it arrived.

Words: a *notice* (通知) is one message to one audience, made from a dated *template*; a *delivery*
is that notice on its way to one recipient by one *channel* (in-app, mail, web push, SMS, government
messenger); a *receipt* says what became of it. Outside channels rest in *quiet hours*, unless the
level breaks them. A notice that needs an acknowledgement is repeated until somebody of its
audience gives one, then told to the next post up. Verbs: tell, read, acknowledge, set one's
preferences, subscribe a browser. Rooms above call `verbs.tell` in their own transaction; nothing
leaves the house before the commit.
"""
