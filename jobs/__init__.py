"""What runs by the clock: the schedule, the wrapper of every run, the process that holds the clock, its messages."""
