"""What the served models are measured against: simpler models and the libraries that they came from."""
