"""What a search of log groups is made of."""
