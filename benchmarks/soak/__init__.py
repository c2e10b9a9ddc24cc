"""Slash commands for minutes on end through the whole local cloud: does it lose one, or do one twice?"""
