"""Posting what scheduled bots have to say, and that they failed."""
