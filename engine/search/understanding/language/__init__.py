"""How English, and five other languages, put what people ask for: tokens, phrases, word lists."""
