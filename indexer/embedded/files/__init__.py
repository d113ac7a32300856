"""The files of an embedded version, written once and read through a memory map."""
