"""Namespaces: modules that many distributions share, so that the root says nothing of where a part comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SHARED = """
    google google.cloud azure azure.ai azure.mgmt azure.storage opentelemetry opentelemetry.instrumentation
    opentelemetry.exporter airflow.providers backports jaraco zope plone ruamel sphinxcontrib pythonjsonlogger_ext
    llama_index.llms llama_index.embeddings llama_index.readers llama_index.vector_stores repoze paste zc collective
    odoo.addons openinference.instrumentation dagster_community keystoneauth1.extras snowflake databricks aws_cdk
"""
SHARED = frozenset(_SHARED.split())
"""Modules that hold nothing themselves."""

MEANT = {
    "airflow": "apache-airflow",
    "google.protobuf": "protobuf",
    "google.oauth2": "google-auth",
    "google.cloud.exceptions": "google-cloud-core",
    "google.rpc": "googleapis-common-protos",
    "google.type": "googleapis-common-protos",
    "google.longrunning": "googleapis-common-protos",
    "google.cloud.secretmanager": "google-cloud-secret-manager",
    "google.cloud.pubsub": "google-cloud-pubsub",
    "google.cloud.ndb": "google-cloud-ndb",
    "google.cloud.sql": "cloud-sql-python-connector",
    "google.cloud.recommendationengine": "google-cloud-recommendations-ai",
    "google.cloud.videointelligence": "google-cloud-videointelligence",
    "google.ads": "google-ads",
    "googleapiclient": "google-api-python-client",
    "opentelemetry.trace": "opentelemetry-api",
    "opentelemetry.metrics": "opentelemetry-api",
    "opentelemetry.context": "opentelemetry-api",
    "opentelemetry.baggage": "opentelemetry-api",
    "opentelemetry.propagate": "opentelemetry-api",
    "opentelemetry.propagators": "opentelemetry-api",
    "opentelemetry.semconv": "opentelemetry-semantic-conventions",
    "opentelemetry.proto": "opentelemetry-proto",
    "azure.core": "azure-core",
    "azure.storage.filedatalake": "azure-storage-file-datalake",
    "azure.storage.fileshare": "azure-storage-file-share",
    "azure.cognitiveservices.speech": "azure-cognitiveservices-speech",
    "azure.keyvault": "azure-keyvault-secrets",
    "snowflake.connector": "snowflake-connector-python",
    "snowflake.snowpark": "snowflake-snowpark-python",
    "snowflake.sqlalchemy": "snowflake-sqlalchemy",
    "databricks.sql": "databricks-sql-connector",
    "databricks.sdk": "databricks-sdk",
    "aws_cdk": "aws-cdk-lib",
    "ruamel.yaml": "ruamel-yaml",
    "mpl_toolkits": "matplotlib",
    "typing_extensions": "typing-extensions",
    "google.colab": "google-colab",
    "google.appengine": "appengine-python-standard",
}
"""Modules whose distribution no rule gives; what a map of imports says goes before."""

_VERSION = re.compile(r"_v\d+(?:(?:alpha|beta|p\d+beta)\d*)?$")


def prefixes(module: str) -> Iterator[str]:
    """Yield a dotted module and what contains it, longest first, but not a root that many share."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        prefix = ".".join(parts[:length])
        if prefix not in SHARED:
            yield prefix


def candidates(module: str) -> Iterator[str]:
    """Yield names that a distribution of a module would have by custom, most particular first."""
    for prefix in prefixes(module):
        if prefix in MEANT:
            yield MEANT[prefix]
        plain = _VERSION.sub("", prefix)
        if prefix.startswith("airflow.providers."):
            yield "apache-" + plain
        yield plain
    root = module.partition(".")[0]
    if root not in SHARED:
        yield from (f"python-{root}", f"{root}-python", f"py{root}")
