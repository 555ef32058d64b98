"""From what was found to what is fetched: one film, or a season from as few hands as possible. `plan` is PURE."""
