"""An allow-list as it is often built: a function with a URL that puts its caller's address into an IP set."""
