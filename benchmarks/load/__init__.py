"""Requests on 50 connections at once for minutes on end: every answer is compared, every execution accounted for."""
