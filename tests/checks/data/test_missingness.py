import numpy as np
import pyarrow as pa

from muster.checks.data.missingness import missingness
from muster.checks.kit import assert_lawful, credit_rows, credit_sample
from muster.columns.statistics.intervals import difference


def test_what_is_missing_for_one_group_more_than_for_another_is_shown() -> None:
    table = credit_rows(2000)
    women = np.asarray(table["sex"].to_pylist()) == "female"
    gone = women & (np.arange(2000) % 4 == 0)
    income = pa.array(table["income"].to_numpy(), mask=gone)
    table = table.set_column(table.column_names.index("income"), "income", income)
    found = assert_lawful(missingness, {"attribute": "sex"}, credit_sample(data=table))
    shares = {figure.group: figure.value for figure in found.figures if figure.name == "missing_share"}
    assert shares == {"income": gone.mean(), "late": 0.0, "region": 0.0}
    differences = {figure.group: figure for figure in found.figures if figure.name == "missing_difference"}
    assert set(differences) == {"income, sex=female", "income, sex=male"}
    female = differences["income, sex=female"]
    assert female.value == gone.sum() / women.sum()
    assert (female.low, female.high) == difference(gone.sum(), women.sum(), 0, 2000 - women.sum())


def test_bands_make_groups_of_numbers() -> None:
    table = credit_rows(200)
    table = table.set_column(table.column_names.index("late"), "late", pa.array([None] * 20 + [1] * 180, pa.int64()))
    found = missingness.measure(credit_sample(data=table), {"attribute": "age", "bands": [40], "columns": ["late"]})
    assert [figure.group for figure in found.figures] == ["late", "late, age=under 40", "late, age=40 and over"]
