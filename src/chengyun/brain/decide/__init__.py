"""Pure deciding of the brain: tokens, features, spans, measures, generated address text."""
