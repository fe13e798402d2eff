"""The journey map: stages as columns, and lanes for what customers do, ask and feel and for what the shop does."""
