"""What holds for every customer, every timing and every choice: proofs of rules, and customers that break them.

- `classes`, `atoms`, `space`, `conditions`: what is known of a customer, as bits: one field for each thing asked about;
- `deeds`, `arcs`, `stations`, `system`: a journey as places, the ways between them and what they do to the bits;
- `zones`: how long ago things happened, as bounds of differences of instants;
- `explore`: everything that can be reached, exactly under a budget of work, or joined;
- `forms/`: what each form of rule watches for, one file each;
- `trail`, `guide`, `replay`, `shrink`: from a broken rule to a customer, a timeline, and the plain interpreter's word;
- `prove`: the verdict.
"""
