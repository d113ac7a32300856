"""What runs by the clock: how long it takes."""
