import re

from hypothesis import given
from hypothesis import strategies as st
from tests.lifecycle.page.reading import read

from muster.lifecycle.page.charts.bars import MOST, bars
from muster.lifecycle.page.charts.frame import WIDTH
from muster.records.evidence import Figure

figures = st.lists(
    st.builds(Figure, st.just("share"), st.floats(-1e9, 1e9), st.just(1), group=st.text(max_size=40)),
    min_size=1,
    max_size=9,
)


@given(figures)
def test_bars_are_as_long_as_their_figures_and_inside_the_frame(found: list[Figure]) -> None:
    drawn = bars(found)
    lengths = [float(width) for width in re.findall(r' width="([0-9.]+)"', drawn)]
    most = max(abs(figure.value) for figure in found)

    read(drawn)
    assert len(lengths) == len(found)
    assert lengths == sorted(lengths, reverse=True) or most == 0
    assert all(0 <= length <= WIDTH for length in lengths)


def test_of_very_many_the_largest_are_drawn() -> None:
    drawn = bars([Figure("part_of", place, 1, group=f"<g{place}>") for place in range(50)])

    assert drawn.count("<rect") == MOST
    assert f"part of, the {MOST} largest of 50." in drawn
    assert "Largest: &lt;g49&gt;, 49." in drawn
