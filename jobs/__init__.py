"""Scheduled work: the timetable, the scheduler process, the wrapper of every run, and notifications."""
