"""The words of the domain: records, errors, settings and ports. Imports no other room and does no I/O."""
