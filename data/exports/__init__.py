"""A user's own exports of Letterboxd and IMDb: uploaded by strangers, so every size is bounded.

Read without pandas: imports happen in a serving process.
"""
