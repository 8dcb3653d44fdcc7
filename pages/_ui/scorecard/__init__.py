"""What the scorecard, indicator and appraisal pages draw: figures, words, map, lines, one indicator, targets, appraisal."""
