"""Tests of the clients, and the description that they are generated from."""
