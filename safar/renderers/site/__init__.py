"""The pages of `safar docs`: all journeys of a project, what they are made of, and what uses what."""
