"""One file a revision. They never change once released: a change of the tables is a new file."""
