"""What the budget execution page draws: figures, panels, why, table, versions, review."""
