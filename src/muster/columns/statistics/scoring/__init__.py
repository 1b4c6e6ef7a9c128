"""What measuring models needs: confusion counts, score steps, paired comparison, reliability, averages, tails."""
