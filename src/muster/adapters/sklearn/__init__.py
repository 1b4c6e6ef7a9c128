"""scikit-learn: train, keep, score and take apart models. Import it in worker processes only."""
