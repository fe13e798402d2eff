"""`safar docs`: reads a project, draws what changed, writes the folder of pages."""
