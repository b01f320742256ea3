"""Logarithmic axes have marks that can be read, whatever they span."""

import math

import numpy as np
import plotly.graph_objects as go
from hypothesis import given
from hypothesis import strategies as st

from figures.axis import decades, log_axis

positive = st.floats(1e-300, 1e300)


@given(positive, st.floats(0, 20))
def test_two_to_a_dozen_marks_inside_the_range_each_written_whole(low, decades):
    values = np.array([low, min(low * 10**decades, 1e300)])
    axis = log_axis(go.Figure(go.Scatter(y=values)), values).layout.yaxis
    first, last = axis.range
    assert first < math.log10(values[0]) and last > math.log10(values[1])
    if axis.tickvals is None:
        assert 1 <= (last - first) / axis.dtick <= 12
    else:
        assert 2 <= len(axis.tickvals) <= 12
        assert all(first <= math.log10(value) <= last for value in axis.tickvals)
        texts = [float(text.replace("−", "-")) for text in axis.ticktext]
        np.testing.assert_allclose(texts, axis.tickvals, rtol=1e-3)


@given(st.floats(1e-300, 1e250), st.floats(2.1, 40))
def test_a_loss_that_grows_over_many_decades_keeps_readable_marks(low, span):
    axis = decades(go.Figure(), np.array([low, low * 10**span])).layout.yaxis
    assert span / axis.dtick <= 8.01
