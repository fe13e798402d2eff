"""Journeys and results to look at."""
