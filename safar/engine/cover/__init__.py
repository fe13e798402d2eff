"""The fewest sample customers who pass everything in a journey that can be passed, and why the rest cannot be.

- `parts`: what there is to pass: what scenarios' coverage counts, bounds of loops, values at which conditions turn;
- `walk`: who can go which way, as proofs know it;
- `missed`: why nobody passes a part;
- `cover`: customers who go there, lived through by the plain interpreter, and as few of them as will do.
"""
