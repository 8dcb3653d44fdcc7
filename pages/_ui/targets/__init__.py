"""What the target page draws: the helper, the breakdown grid, limits, versions; `work` holds the draft."""
