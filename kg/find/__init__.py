"""Finding trials by facets and words, and counting them, in the tables of a snapshot."""
