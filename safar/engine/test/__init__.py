"""Tests of journeys: scenarios of one customer, forecasts of many.

- `scenarios` judges what came of a scenario's customer;
- `forecasts` judges the figures of a population;
- `coverage` says which steps and ways the scenarios pass.
"""
