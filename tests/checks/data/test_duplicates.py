import numpy as np
import pyarrow as pa

from muster.checks.data.duplicates import duplicates
from muster.checks.kit import assert_lawful, credit_rows, credit_sample


def test_repeated_rows_are_counted_once_each_and_the_commonest_shown() -> None:
    table = credit_rows(500)
    table = pa.concat_tables([table, table.slice(0, 30), table.slice(0, 10)])
    found = assert_lawful(duplicates, {}, credit_sample(data=table))
    share, largest = found.figures
    assert (share.name, share.value, share.n) == ("duplicate_share", 40 / 540, 540)
    assert (largest.name, largest.value) == ("largest_repeat", 3)


def test_a_running_number_hides_duplicates_until_it_is_ignored() -> None:
    table = credit_rows(100)
    table = pa.concat_tables([table, table]).append_column("id", pa.array(np.arange(200)))
    sample = credit_sample(data=table)
    assert duplicates.measure(sample, {}).figures[0].value == 0.0
    assert duplicates.measure(sample, {"ignore": ["id"]}).figures[0].value == 0.5
    assert duplicates.measure(sample, {"columns": ["sex", "id"], "ignore": ["id"]}).figures[0].value == 198 / 200
