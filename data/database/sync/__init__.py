"""The stores of synchronisation: drafts of imports, webhooks and their outbox, reports of media servers."""
