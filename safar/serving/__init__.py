"""Pages for the browser on this machine, drawn anew when a file is saved."""
