"""The page on which people register the addresses of the connection they are on."""
