"""The records of synchronisation with other sites and devices."""
