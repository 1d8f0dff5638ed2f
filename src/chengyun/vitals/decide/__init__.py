"""Pure deciding: events → marks, counters → rates → scores, cases → findings."""
