"""Vectors of movies: their spaces, approximate search, and the nearest movies of each movie."""
