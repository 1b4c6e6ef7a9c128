"""Model version, the run that made it, and the compiled form that is served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from muster.records.codec import ADDED, kind
from muster.records.data import Column
from muster.records.language.hosted import HostedModel


class Favourable(StrEnum):
    """On which side of the threshold the decision favours the person."""

    BELOW = "below"
    """Scores under the threshold, as with a probability of default."""
    AT_LEAST = "at-least"
    """Scores at or over the threshold, as with a probability of approval."""


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """From score to decision: favourable when the score is on the given side of the threshold."""

    threshold: float
    favourable: Favourable
    favourable_label: str = "approve"
    adverse_label: str = "refuse"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train: learner, inputs, what is predicted. Scores are the probability that target == positive."""

    learner: str
    inputs: tuple[str, ...]
    target: str
    positive: int | str
    parameters: Mapping[str, Any]
    seed: int = 0


class ModelFormat(StrEnum):
    """In what form a model's files are; whatever it is, they are read in a worker process only."""

    SKOPS = "sklearn-skops"
    """scikit-learn, every type in the file named and on our list."""
    PICKLE = "sklearn-pickle"
    """scikit-learn and what speaks its language, unpickled by an exact list of types."""
    JOBLIB = "joblib"
    """As pickle, with joblib's arrays."""
    XGBOOST = "xgboost"
    """XGBoost's own data format, UBJSON or JSON."""
    LIGHTGBM = "lightgbm"
    """LightGBM's own text format."""
    CATBOOST = "catboost"
    """CatBoost's own binary format."""
    ONNX = "onnx"
    """A graph of standard operators without external data."""
    PYFUNC = "mlflow-pyfunc"
    """The folder of an MLflow model as a zip file, with one of the formats above in it."""
    OIP = "oip"
    """No file: an endpoint elsewhere that speaks the Open Inference Protocol."""
    HOSTED = "hosted"
    """No file: a language model at a provider, known by its configuration."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model behind HTTP that speaks the Open Inference Protocol, JSON tensors."""

    url: str
    """Where the server answers, before ``/v2``; plain http only on this machine."""
    model: str
    version: str = ""
    """Version of the model there; empty: the one that it answers with by default."""
    joined: str = ""
    """Name of the one input of shape [rows, columns] that takes all columns; empty: one input a column."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the answers of a model that was trained elsewhere are read."""

    positive: int | str
    """The model's class whose probability is the score."""
    output: str = ""
    """Name of the output that holds the probabilities, where the model has several; empty: the only one."""
    endpoint: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """What whoever brings in a model says of it: nothing of that can be read out of every format."""

    format: ModelFormat
    inputs: tuple[str, ...]
    """Columns of the training dataset that it reads, in the model's order where its files name none."""
    target: str
    positive: int | str
    """Value of the target whose probability is the score."""
    decision: DecisionRule
    origin: str
    """Where, by whom and how it was trained, in words that others will read."""
    output: str = ""
    """Name of the output that holds the probabilities, where an ONNX graph or an endpoint has several."""
    endpoint: Endpoint | None = None
    """Where it answers; for the format ``oip`` only."""
    original: ModelFormat | None = field(default=None, metadata=ADDED)
    """Format of the model that an ONNX graph was made from, where that comes with it."""


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """The model that an ONNX graph was made from: the graph must answer as it does."""

    format: ModelFormat
    files: Mapping[str, str]
    """File name to ``sha256:`` digest."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model version is: its files by digest and how its score is turned into a decision.

    The SHA-256 of the canonical manifest is the identity of the version: two thresholds are two versions.
    """

    recipe: Recipe
    decision: DecisionRule
    inputs: tuple[Column, ...]
    files: Mapping[str, str]
    """File name to ``sha256:`` digest; ``model.skops`` is the trained estimator of the first format."""
    format: ModelFormat = field(default=ModelFormat.SKOPS, metadata=ADDED)
    reading: Reading | None = field(default=None, metadata=ADDED)
    """For a model that was trained elsewhere."""
    hosted: HostedModel | None = field(default=None, metadata=ADDED)
    """For a language model that somebody else runs."""
    made_from: MadeFrom | None = field(default=None, metadata=ADDED)
    """For an ONNX graph whose original came with it."""

    @property
    def source(self) -> Manifest | None:
        """The manifest of the model that a graph was made from, with the inputs and the decision rule of this one."""
        if self.made_from is None or self.reading is None:
            return None
        made, reading = self.made_from, Reading(self.reading.positive)
        return replace(self, files=made.files, format=made.format, reading=reading, made_from=None)


@kind("run.finished")
@dataclass(frozen=True, slots=True)
class Run:
    """One training run, with what went in, as tracked in MLflow."""

    id: str
    use_case: str
    training: str
    """Digest of the training dataset version."""
    recipe: Recipe
    metrics: Mapping[str, float]
    environment: Mapping[str, str]
    """Versions of Python and of the libraries that decide the result."""
    tracking: str = ""
    """Where the run is tracked, such as ``mlflow:RUN_ID``."""
    imported: str = field(default="", metadata=ADDED)
    """Where it was really trained, in the words of whoever brought the model in; empty: here, in a worker of ours."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"run:{self.id}"


@kind("model-version.registered")
@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A trained model with a decision rule, for one use case; the entry's actor is its author."""

    digest: str
    """Identity: SHA-256 of the canonical manifest."""
    model: str
    use_case: str
    manifest: Manifest
    run: str
    training: str
    registry: str = ""
    """Where the registry keeps it, such as ``mlflow:NAME/NUMBER``; never an identity."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.digest}"


@kind("model-version.compiled")
@dataclass(frozen=True, slots=True)
class Compilation:
    """The form that the gateway loads, and the proof that it decides as the original does."""

    version: str
    served: str
    """Digest of the served artifact."""
    engine: str
    rows: int
    """Rows compared: the evaluation rows and the adversarial ones together."""
    adversarial_rows: int
    decisions_differing: int
    largest_score_difference: float
    sample: str
    """Digest of the dataset version whose rows were compared."""
    scores_differing: int = field(default=0, metadata=ADDED)
    """Rows whose scores differ in any bit."""
    original: str = field(default="", metadata=ADDED)
    """Why the model's own library serves it, in a worker process; empty: it was compiled."""
    held_against: str = field(default="", metadata=ADDED)
    """Digest of the file that a graph was made from, where that is what the served form was compared with."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"


@kind("model-version.intended")
@dataclass(frozen=True, slots=True)
class RegistrationIntent:
    """A version is about to be registered in the tracking tool too; without an outcome, it is reconciled at start."""

    version: ModelVersion
    run: Run

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version.digest}"
