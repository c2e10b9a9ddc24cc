"""A static site that its visitors reach over IPv4 and IPv6."""
