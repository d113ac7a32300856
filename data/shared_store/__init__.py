"""What several servers count and remember together, in Redis or Valkey."""
