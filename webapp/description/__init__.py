"""The description of the API: OpenAPI, examples, code samples, and the page that shows them."""
