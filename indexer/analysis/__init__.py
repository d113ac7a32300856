"""Text analysis of the index: stems, weighted terms, and terms that filter."""
