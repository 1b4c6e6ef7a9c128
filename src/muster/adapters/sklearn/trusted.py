"""Trusted: the exact types that a model file of ours may hold; anything else is refused by name."""

from __future__ import annotations

from typing import Final

TYPES: Final = frozenset(
    {
        "builtins.dict",
        "builtins.list",
        "builtins.slice",
        "builtins.str",
        "builtins.tuple",
        "numpy.dtype",
        "numpy.float64",
        "numpy.ndarray",
        "numpy.uint64",
        "numpy.random._generator.Generator",
        "sklearn._loss._loss.CyHalfBinomialLoss",
        "sklearn._loss.link.Interval",
        "sklearn._loss.link.LogitLink",
        "sklearn._loss.loss.HalfBinomialLoss",
        "sklearn.compose._column_transformer.ColumnTransformer",
        "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
        "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.impute._base.SimpleImputer",
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.pipeline.Pipeline",
        "sklearn.preprocessing._data.StandardScaler",
        "sklearn.preprocessing._encoders.OneHotEncoder",
        "sklearn.preprocessing._function_transformer.FunctionTransformer",
        "sklearn.preprocessing._label.LabelEncoder",
    }
)
"""What the two learner families of ``learners.py`` write, and nothing more."""

LOADERS: Final = frozenset(
    {
        "DTypeNode",
        "DictNode",
        "JsonNode",
        "ListNode",
        "LossNode",
        "NdArrayNode",
        "ObjectNode",
        "RandomGeneratorNode",
        "SliceNode",
        "TupleNode",
        "TypeNode",
    }
)
"""The readers of skops that those types need; none of them calls a function that the file names."""

FOREIGN_LOADERS: Final = frozenset(
    {
        "BytearrayNode",
        "BytesNode",
        "DefaultDictNode",
        "MaskedArrayNode",
        "RandomStateNode",
        "SetNode",
        "SparseMatrixNode",
        "TreeNode",
    }
)
"""Further readers that models of others need; these call no function that the file names either."""

FOREIGN_TYPES: Final = frozenset({"numpy.random.mtrand.RandomState"})
"""What skops names otherwise than pickle does, of what models of others may hold."""
