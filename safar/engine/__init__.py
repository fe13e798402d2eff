"""Journeys and what can be known of them.  Knows no files and no drawings."""
