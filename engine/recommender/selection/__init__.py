"""What a list is made of: candidates, a diverse choice of them, and positions drawn at random."""
