"""Prediction of stars.

Usage:

    from engine.recommender.ratings import fit
    predictor = fit.train(users, movies, stars)       # int64 (n,), int64 (n,), float32 (n,): one entry per rating
    predictor.predict(history, movies)                # History, int64 (m,) -> float32 (m,), .5 to 5 or NaN
    predictor.mean_and_spread(history, movies)        # the same unclipped, and its standard deviation, in stars
    arrays = predictor.arrays()                       # dict of plain arrays, for `np.savez`
    predictor = fold_in.from_arrays(arrays)            # restores the predictor

Serving (`fold_in`) needs numpy only; training (`fit` and what it calls) imports scipy inside its functions. The simpler
models that it is compared with are in `benchmarks/baselines`. `docs/rating.md` has the formulas, their sources and the
measurements.
"""
