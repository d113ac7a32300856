"""The movies that are like a movie in what is known about both: computed when the index is built, read by requests."""
