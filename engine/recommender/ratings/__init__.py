"""How many stars a viewer would give a film: one port, one served model, and the plainer models it is measured by.

How to use it:

    from engine.recommender.ratings import fit
    predictor = fit.train(users, movies, stars)       # int64 (n,), int64 (n,), float32 (n,): one entry a rating
    predictor.predict(history, movies)                # History, int64 (m,) -> float32 (m,), .5 to 5 or NaN
    predictor.mean_and_spread(history, movies)        # the same unclipped, and how far off it may be, in stars
    predictor.chance(history, movies, least=4)        # probability that the viewer would give 4 stars or more
    arrays = predictor.arrays()                       # dict of plain arrays, for `np.savez`
    predictor = fold_in.from_arrays(arrays)            # the same predictor again

Serving (`port`, `fold_in`) needs numpy alone; training (`fit` and what it calls) loads scipy inside its functions.
`docs/rating.md` has the formulas, their sources and what was measured.
"""
