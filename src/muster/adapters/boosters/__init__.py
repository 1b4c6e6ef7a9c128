"""XGBoost and LightGBM: train, keep, score and take apart boosted trees. Import it in worker processes only."""
