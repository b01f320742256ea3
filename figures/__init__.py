"""Results drawn with plotly, each with the sentences that describe it."""
