"""Neural collaborative filtering: trained with torch (extra `[neural]`), served with numpy alone.

    from engine.taste.neural import train
    model = train.fit(interactions, train.Recipe(), each=print)   # engine.taste.interactions.Interactions
    model.scores(history)                                         # core.taste.History -> float32, (n_movies,)
    model = ncf.from_arrays(model.arrays())                       # the same model again

`ncf` is what serving needs and says how the model departs from the paper; `train` and `batches` are training's alone.
"""
