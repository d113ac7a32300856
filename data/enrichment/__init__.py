"""Clients of the services that know more about movies: TMDB and OMDb."""
