"""The exact answer: what a journey comes to, without a sample, where its chances form a chain that can be solved.

`chain.solve` gives the expected figures of a program, `figures.as_json` writes them as `safar simulate` does.  How
answers, waits and conditions become states is told file by file; what cannot be told exactly is refused by name and
place (`refusal.NotExactError`), never guessed.
"""
