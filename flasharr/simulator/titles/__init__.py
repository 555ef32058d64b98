"""A world of titles: films and series as TMDB tells of them, and the files that people share of them."""
