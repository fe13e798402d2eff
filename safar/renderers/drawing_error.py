"""The error of pictures, by itself: who catches it needs nothing of what draws."""


class DrawingError(Exception):
    """A picture cannot be made; the message says why and what to do."""
