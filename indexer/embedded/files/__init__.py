"""The files of an embedded version, each written once and read through a memory map."""
