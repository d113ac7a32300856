"""Users' reactions to what they were shown: events, implicit feedback, online evaluation and reports."""
