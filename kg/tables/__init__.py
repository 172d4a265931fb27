"""Tables for search, facets and counts, made at publication from the rows of all records."""
