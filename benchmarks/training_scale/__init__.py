"""Time and memory of a retraining, by the number of ratings."""
