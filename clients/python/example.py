"""Search a site, and get recommendations for two ratings: `python example.py http://127.0.0.1:8000`."""

from __future__ import annotations

import sys

from marquee_client import Client
from marquee_client.api.recommendations import get_recommendations_without_an_account
from marquee_client.api.search import search_movies
from marquee_client.models import GuestRequest, Problem


def main(site: str) -> None:
    """Print what is found."""
    with Client(base_url=site) as client:
        found = search_movies.sync(client=client, q="a man relives the same day", size=3)
        if found is None or isinstance(found, Problem):
            raise SystemExit(found.detail if found else "no answer")
        for movie in found.results:
            print(movie.title, movie.year)
        ratings = {str(movie.id): 4.5 for movie in found.results[:2]}
        wanted = GuestRequest.from_dict({"ratings": ratings, "size": 3})
        advised = get_recommendations_without_an_account.sync(client=client, body=wanted)
        if advised is None or isinstance(advised, Problem):
            raise SystemExit(advised.detail if advised else "no answer")
        for movie in advised.results:
            print(movie.title, *movie.why.sentences[:1], sep=": ")


if __name__ == "__main__":
    main(sys.argv[1])
