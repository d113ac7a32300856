"""Neural collaborative filtering: trained with torch (extra `[neural]`), served with numpy alone.

    from engine.recommender.neural import fit
    model = fit.fit(interactions, fit.NCFConfig(), each=print)   # engine.recommender.models.interactions.Interactions
    model.scores(history)                                         # History -> float32, (n_movies,)
    model = ncf.from_arrays(model.arrays())                       # the same model again

`ncf` is what serving needs and says how the model departs from the paper; `fit` and `batches` are training's alone.
"""
