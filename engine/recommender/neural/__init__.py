"""Neural collaborative filtering: trained with torch (extra `[neural]`), served with numpy.

    from engine.recommender.neural import fit
    model = fit.fit(interactions, fit.NCFConfig(), each=print)   # engine.recommender.models.interactions.Interactions
    model.scores(history)                                         # History -> float32, (n_movies,)
    model = ncf.from_arrays(model.arrays())                       # restores the model

`ncf` is the served model and documents how it departs from the paper; `fit` and `batches` are for training only.
"""
