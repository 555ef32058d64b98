"""From a title to its files: what to ask for, what an answer is worth, which file is which episode. PURE."""
