"""Tests of journeys: scenarios of one customer, forecasts of many.

- `telling` lets a scenario's customer live, `scenarios` judges what came;
- `forecasts` judges the figures of a population;
- `coverage` says which steps and ways the scenarios pass.
"""
