"""Records and formulas of recommending: histories, explanations, model versions, scores."""
