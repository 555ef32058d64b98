"""The pages from a title to its files. Every write is one verb of search/grab."""
