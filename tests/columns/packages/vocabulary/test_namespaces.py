from __future__ import annotations

from muster.columns.packages.vocabulary.namespaces import candidates, prefixes


def test_a_root_that_many_share_says_nothing() -> None:
    assert list(prefixes("google.cloud.storage.client")) == ["google.cloud.storage.client", "google.cloud.storage"]
    assert list(prefixes("sklearn.svm")) == ["sklearn.svm", "sklearn"]


def test_candidates_follow_the_customs() -> None:
    assert "apache-airflow-providers.postgres" not in list(candidates("airflow.providers.postgres"))
    assert "apache-airflow.providers.postgres" in list(candidates("airflow.providers.postgres"))
    assert "google.cloud.pubsub" in list(candidates("google.cloud.pubsub_v1"))
    assert list(candidates("dotenv"))[-3:] == ["python-dotenv", "dotenv-python", "pydotenv"]
    assert next(candidates("google.oauth2")) == "google-auth"
