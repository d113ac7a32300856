"""The split of `engine.training.evaluation.splits` in columns of Spark: the same part for each pair, bit for bit.

Spark has signed integers of 64 bits only. Addition, multiplication and exclusive or give the same bits as unsigned ones
and wrap around without ANSI mode; shifts to the right and the remainder are made unsigned here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

BITS = 64


def classes(hashes: Column, movies: Column, count: int) -> Column:
    """Return bigint: the class of each pair, 0 to `count` - 1.

    Args:
        hashes: bigint, the bits of the hash of the user's name (`splits.name_hashes`).
        movies: bigint, TMDB ids.
    """
    from pyspark.sql import functions as f  # noqa: PLC0415

    mixed = _mix(hashes + _mix(movies))
    # 2 · half + last bit: the half is not negative, so its remainder is that of the unsigned number.
    half, last = f.shiftrightunsigned(mixed, 1), mixed.bitwiseAND(f.lit(1))
    return ((half % count) * 2 + last) % count


def learnable(frame: DataFrame, *, min_user_ratings: int, min_movie_ratings: int) -> DataFrame:
    """Keep users with enough movies, then movies with enough of these users, as `interactions.learnable` does."""
    from pyspark.sql import functions as f  # noqa: PLC0415

    many = f.col("count")
    users = frame.groupBy("user").count().where(many >= min_user_ratings).select("user")
    kept = frame.join(users, "user", "left_semi")
    movies = kept.groupBy("movie").count().where(many >= min_movie_ratings).select("movie")
    return kept.join(movies, "movie", "left_semi")


def _mix(values: Column) -> Column:
    """Mix the bits by SplitMix64's finalizer, as `splits` does."""
    from pyspark.sql import functions as f  # noqa: PLC0415

    values = values + f.lit(_signed(0x9E3779B97F4A7C15))
    values = values.bitwiseXOR(f.shiftrightunsigned(values, 30)) * f.lit(_signed(0xBF58476D1CE4E5B9))
    values = values.bitwiseXOR(f.shiftrightunsigned(values, 27)) * f.lit(_signed(0x94D049BB133111EB))
    return values.bitwiseXOR(f.shiftrightunsigned(values, 31))


def _signed(bits: int) -> int:
    """Return the signed integer with the same 64 bits."""
    return bits - (1 << BITS) if bits >> (BITS - 1) else bits
