"""State machines as this library makes them: JSONata, logged, traced, with a role that is written down by hand."""
