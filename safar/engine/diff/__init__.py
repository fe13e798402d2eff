"""Two versions of a journey: what became looser, what is no longer proved, what changed, and for whom.

- `change`: what is told of a difference; `wording`: parts of a journey in the language's own words;
- `renaming`: the old version in the new one's names; `matching`: which step of the one is which of the other;
- `looser`: whether a condition lets more through than another;
- `caps`, `guards`, `ways_in`, `ifs`: what guards customers;
- `rules`: what was promised, and is proved now or not;
- `steps`, `parts`: everything else that is not as it was;
- `same`, `ground`, `nobody`: whether nobody can notice;
- `tries`, `bent`, `translated`, `experience`: a customer who does, lived through in both;
- `diff`: all of it.
"""
