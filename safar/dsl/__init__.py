"""Text in, journey out: both spellings become one syntax tree, and that becomes the model."""
