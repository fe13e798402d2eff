"""Whether what rules and scenarios say holds in the story of one customer.

- `telling` lets a scenario's customer live through what its script says;
- `sightings` notes, while the story goes on, when the things happen that claims speak of;
- `judge` says of each claim whether the sightings break it, and by what.
"""
