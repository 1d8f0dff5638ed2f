"""Shapes that go in and out over HTTP. Input refuses fields it does not know."""
