"""Finding standard addresses by free Chinese text, by point and by what is typed so far.

Pure: a *book* (immutable columns over standard addresses) goes in, ranked answers come out.
"""
