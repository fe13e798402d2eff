"""Tables in files: rows of customers and happenings read, results by customer written; one file per format."""
