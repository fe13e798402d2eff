"""Pages that need nothing but themselves: no script, style, font or picture from elsewhere, and no network."""
