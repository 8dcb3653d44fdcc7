"""Pages of the board. A regular package, so that `tests/pages` can never be mistaken for it."""
