"""Text in any language: digits, Han characters, normalization; dates and time zones."""
