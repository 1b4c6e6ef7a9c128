"""What comparing groups of people needs: cells of counts, crossings, strata, tests, resampling."""
