import re

from hypothesis import given
from hypothesis import strategies as st
from tests.lifecycle.page.reading import plain, read

from muster.lifecycle.page.charts.plane import BOTTOM, LEFT, RIGHT, TOP, Guide, Point, Series, plane

numbers = st.floats(-1e6, 1e6)
points = st.lists(st.builds(Point, numbers, numbers, st.text(max_size=9), numbers, numbers), min_size=1, max_size=9)


@given(points, numbers, numbers, st.booleans())
def test_points_and_guides_are_inside_the_frame(found: list[Point], across: float, upward: float, both: bool) -> None:
    guides = [Guide("across", across, "limit"), Guide("upward", upward), *([Guide("diagonal")] if both else [])]
    drawn = plane("t", "d", ("x", "y"), [Series("s", tuple(found), joined=True)], guides)

    read(drawn)
    assert drawn.count("<circle") == len(found)
    assert all(LEFT - 0.1 <= float(x) <= RIGHT + 0.1 for x in re.findall(r'(?:cx|x1|x2)="([^"]+)"', drawn))
    assert all(TOP - 0.1 <= float(y) <= BOTTOM + 0.1 for y in re.findall(r'(?:cy|y1|y2)="([^"]+)"', drawn))


def test_higher_is_higher_and_further_is_further_right() -> None:
    drawn = plane("t", "d", ("x", "y"), [Series("s", (Point(0, 0, "low"), Point(1, 1, "high")))])
    (x1, x2), (y1, y2) = (list(map(float, re.findall(rf'{name}="([^"]+)"', drawn))) for name in ("cx", "cy"))

    assert x1 < x2
    assert y1 > y2


def test_series_without_points_have_no_key_and_names_are_escaped() -> None:
    series = [Series("there <b>", (Point(0, 1, "<told>"),)), Series("absent", (), "chosen", "diamond")]
    drawn = plane("a title", "d", ("x", "y"), series, [Guide("across", 2, "limit 2")])

    assert "a title. there &lt;b&gt; limit 2" in plain(drawn)
    assert "absent" not in drawn
    assert "<told>" not in drawn
    assert "<polyline" not in drawn
