"""The stores of the watch diary."""
