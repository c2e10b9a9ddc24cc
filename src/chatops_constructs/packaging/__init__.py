"""The only place that knows how our Lambda code is packed."""
