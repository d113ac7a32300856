"""How many stars a user would give a movie.

How to use it:

    from engine.recommender.ratings import fit
    predictor = fit.train(users, movies, stars)       # int64 (n,), int64 (n,), float32 (n,): one entry a rating
    predictor.predict(history, movies)                # History, int64 (m,) -> float32 (m,), .5 to 5 or NaN
    predictor.mean_and_spread(history, movies)        # the same unclipped, and how far off it may be, in stars
    arrays = predictor.arrays()                       # dict of plain arrays, for `np.savez`
    predictor = fold_in.from_arrays(arrays)            # the same predictor again

Serving (`fold_in`) needs numpy alone; training (`fit` and what it calls) loads scipy inside its functions. The simpler
models that it is measured against stand in `benchmarks/baselines`. `docs/rating.md` has the formulas, their sources and
what was measured.
"""
