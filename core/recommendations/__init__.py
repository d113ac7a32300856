"""Records and formulas for recommendations: histories, explanations, model versions, scores."""
