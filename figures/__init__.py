"""Results drawn with plotly, each with the sentences that describe it."""

import plotly.io

# Colours of text and grid come from the theme, in the browser; plotly's own template would be written into each figure.
plotly.io.templates.default = None
