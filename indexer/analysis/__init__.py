"""Text analysis of the index: stems, weighted terms, and filter terms."""
