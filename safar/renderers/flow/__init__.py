"""The flow map beyond its boxes: parts of it, and what a simulation, a check or a customer adds to it."""
