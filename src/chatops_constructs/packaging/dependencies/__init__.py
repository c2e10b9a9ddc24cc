"""Packages from an index, built for the machine and the Python that run a function, whatever machine builds them."""
