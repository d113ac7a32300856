"""What users did with what they were shown: for the next model to learn from, and for people to look at."""
