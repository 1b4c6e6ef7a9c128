"""The peer: pandas reads the file in chunks, a fitted pipeline scores them, pyarrow writes; no guards, no log."""

from __future__ import annotations

import sys

import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.serving import house
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def main(model: str, source: str, target: str) -> None:
    training = house.table().to_pandas()
    spread = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    columns = ColumnTransformer([("n", StandardScaler(), [*house.NUMBERS]), ("c", spread, [*house.CATEGORIES])])
    learner = LogisticRegression(max_iter=1_000) if model == "lr" else HistGradientBoostingClassifier()
    pipeline = make_pipeline(columns, learner).fit(training, training[house.TARGET])
    writer = None
    for batch in pq.ParquetFile(source).iter_batches(65_536):
        rows = batch.to_pandas()
        made = pa.table({"id": batch.column("id"), "score": pipeline.predict_proba(rows)[:, 1]})
        writer = writer or pq.ParquetWriter(target, made.schema)
        writer.write_table(made)
    if writer is not None:
        writer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
