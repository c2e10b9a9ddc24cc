"""What the project claims in numbers, measured: `make bench`."""
