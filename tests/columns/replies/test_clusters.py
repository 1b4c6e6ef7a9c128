from hypothesis import given
from hypothesis import strategies as st

from muster.columns.replies.clusters import clustered
from muster.columns.statistics.intervals import wilson

UNITS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 6)), min_size=1, max_size=40)


def test_units_that_are_clusters_of_their_own_have_wilsons_interval() -> None:
    hits = [1, 0, 0, 1, 0, 0, 0, 0, 1, 0]
    rate, low, high = clustered(hits, [1] * 10, range(10))
    # The variance of a sample of ones and zeros has n - 1 below it: ten trials count as nine.
    wanted = wilson(0.3 * 9, 9)
    assert (rate, round(low, 12), round(high, 12)) == (0.3, round(float(wanted[0]), 12), round(float(wanted[1]), 12))


def test_answers_of_one_question_that_agree_count_as_one() -> None:
    alone = clustered([1, 0] * 10, [1] * 20, range(20))
    agreeing = clustered([1] * 10 + [0] * 10, [1] * 20, [place // 5 for place in range(20)])
    assert agreeing[0] == alone[0]
    assert agreeing[2] - agreeing[1] > 1.5 * (alone[2] - alone[1])


def test_nothing_found_in_few_questions_proves_little() -> None:
    assert clustered([0] * 100, [1] * 100, [place % 4 for place in range(100)])[2] > 0.4


@given(UNITS)
def test_the_interval_is_around_the_rate_and_never_narrower_than_that_of_independent_trials(
    units: list[tuple[int, int, int]],
) -> None:
    hits = [hit for hit, missed, _ in units]
    trials = [hit + missed for hit, missed, _ in units]
    if not sum(trials):
        return
    rate, low, high = clustered(hits, trials, [cluster for _, _, cluster in units])
    assert 0 <= low <= rate <= high <= 1
    free = wilson(sum(hits), sum(trials))
    assert high - low >= float(free[1] - free[0]) - 1e-9
