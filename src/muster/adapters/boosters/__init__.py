"""XGBoost, LightGBM and CatBoost: train, keep, score and take apart boosted trees. For worker processes only."""
