"""Allowed: what a pickled model may name, exactly, and what each name stands for.

The list is made from the libraries that are installed, so that it fits their versions: the estimators of scikit-learn,
XGBoost, LightGBM and CatBoost, each under the one name of the module that defines it, and the few inner classes and
makers below that their pickles need. Nothing is looked up by a name that a file gives: a name is in the list or it is
refused.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, Final

from muster.adapters.pickled.arrays import ARRAY, MASKED, array, from_buffer, kind, masked_array, scalar

Names = Mapping[tuple[str, str], Any]
"""What a module and a name in it stand for."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a file may name, and which of that it may call."""

    names: Names
    called: frozenset[int]
    """Identities of what may be called with arguments; of the other classes only empty objects are made."""


CLASSES: Final[Mapping[str, str]] = {
    "builtins": "object set frozenset slice complex bytes bytearray range dict list tuple int float str bool",
    "collections": "OrderedDict defaultdict",
    "numpy": "float64 float32 int64 int32 int16 int8 uint64 uint32 uint16 uint8 str_ bytes_",
    "numpy.random.bit_generator": "SeedSequence",
    "numpy.random._mt19937": "MT19937",
    "numpy.random._pcg64": "PCG64 PCG64DXSM",
    "numpy.random._philox": "Philox",
    "numpy.random._sfc64": "SFC64",
    "sklearn._loss._loss": (
        "CyHalfSquaredError CyAbsoluteError CyPinballLoss CyHuberLoss CyHalfPoissonLoss CyHalfGammaLoss "
        "CyHalfTweedieLoss CyHalfTweedieLossIdentity CyHalfBinomialLoss CyExponentialLoss CyHalfMultinomialLoss"
    ),
    "sklearn._loss.link": "Interval IdentityLink LogLink LogitLink HalfLogitLink MultinomialLogit",
    "sklearn._loss.loss": (
        "HalfSquaredError AbsoluteError PinballLoss HuberLoss HalfPoissonLoss HalfGammaLoss HalfTweedieLoss "
        "HalfTweedieLossIdentity HalfBinomialLoss HalfMultinomialLoss ExponentialLoss"
    ),
    "sklearn.calibration": "_CalibratedClassifier",
    "sklearn.ensemble._hist_gradient_boosting.predictor": "TreePredictor",
    "sklearn.linear_model._sgd_fast": "Hinge SquaredHinge ModifiedHuber",
    "sklearn.metrics._dist_metrics": (
        "EuclideanDistance64 SEuclideanDistance64 ManhattanDistance64 ChebyshevDistance64 MinkowskiDistance64 "
        "MahalanobisDistance64 HammingDistance64"
    ),
    "sklearn.model_selection._split": "KFold StratifiedKFold GroupKFold",
    "sklearn.neighbors._ball_tree": "BallTree BallTree64",
    "sklearn.neighbors._kd_tree": "KDTree KDTree64",
    "sklearn.neural_network._stochastic_optimizers": "AdamOptimizer SGDOptimizer",
    "sklearn.tree._tree": "Tree",
    "sklearn.utils._bunch": "Bunch",
    "sklearn.utils._metadata_requests": "MetadataRequest MethodMetadataRequest",
}
"""Classes beside the estimators, by the module that defines them. None runs what it is given."""

FILLED: Final[Mapping[str, str]] = {
    "catboost.core": "CatBoost CatBoostClassifier",
    "lightgbm.basic": "Booster",
    "scipy.interpolate._bsplines": "BSpline",
    "scipy.sparse._csc": "csc_array csc_matrix",
    "scipy.sparse._csr": "csr_array csr_matrix",
    "sklearn.gaussian_process.kernels": (
        "Hyperparameter CompoundKernel Sum Product Exponentiation ConstantKernel WhiteKernel RBF Matern "
        "RationalQuadratic ExpSineSquared DotProduct PairwiseKernel"
    ),
    "xgboost.core": "Booster",
}
"""Classes of which, as of estimators, only empty objects are made for a state to fill: some would open files."""

SELECTORS: Final[Mapping[str, str]] = {
    "sklearn.feature_selection._univariate_selection": "f_classif f_regression r_regression chi2",
}
"""Functions that a model only holds, as what its columns were once chosen by: a file cannot call them."""

MAKERS: Final[Mapping[str, str]] = {
    "numpy.random._pickle": "__bit_generator_ctor __generator_ctor __randomstate_ctor",
    "numpy.random.bit_generator": "__pyx_unpickle_SeedSequence",
    "sklearn.metrics._dist_metrics": "newObj",
    "sklearn.neighbors._ball_tree": "newObj",
    "sklearn.neighbors._kd_tree": "newObj",
}
"""The only functions: those by which these libraries make an empty object that its state then fills."""

_PLAIN: Final = (object, set, frozenset, dict, list, tuple, complex, int, float, str)
"""What a class of a model may stand on."""
_LEFT_OUT: Final = ("sklearn.utils", "sklearn.callback", "sklearn.externals", "sklearn.datasets", "sklearn.inspection")
_NOT_SHIPPED: Final = ("tests", "test_", "conftest", "experimental", "_build_utils", "__")
_OLD: Final = {"builtins": "__builtin__", "copyreg": "copy_reg"}
"""Names by which files of protocol 2 and below know modules."""


@cache
def allowed() -> Allowed:
    """Return everything that a pickled model may name; made once a process, in about two seconds."""
    called: dict[tuple[str, str], Any] = {}
    for listed in (CLASSES, MAKERS):
        for module, names in listed.items():
            called |= _named(module, names.split())
    for core in ("numpy._core", "numpy.core"):
        called |= {(f"{core}.multiarray", "_reconstruct"): array, (f"{core}.multiarray", "scalar"): scalar}
    called |= {
        ("numpy", "dtype"): kind,
        ("numpy.ma.core", "_mareconstruct"): masked_array,
        ("numpy._core.numeric", "_frombuffer"): from_buffer,
        ("_codecs", "encode"): _latin,
        ("copyreg", "_reconstructor"): empty,
    }
    filled: dict[tuple[str, str], Any] = {("numpy", "ndarray"): ARRAY}
    filled |= {(module, "MaskedArray"): MASKED for module in ("numpy.ma", "numpy.ma.core")}
    for module, names in (*FILLED.items(), *SELECTORS.items()):
        filled |= _named(module, names.split())
    filled |= {(found.__module__, found.__qualname__): found for found in _estimators()}
    called |= {(_OLD[module], name): found for (module, name), found in called.items() if module in _OLD}
    return Allowed({**filled, **called}, frozenset(map(id, called.values())))


def class_names() -> frozenset[str]:
    """Return the classes of the list as ``module.name``, which is how skops files name them."""
    return frozenset(f"{module}.{name}" for (module, name), found in allowed().names.items() if inspect.isclass(found))


def _named(module: str, names: list[str]) -> dict[tuple[str, str], Any]:
    """Return what a module has of these names: versions of a library differ in a few."""
    try:
        held = vars(importlib.import_module(module))
    except ModuleNotFoundError:  # a library that is not installed, or of another version
        return {}
    return {(module, name): held[name] for name in names if name in held}


def _estimators() -> Iterator[type]:
    """Yield every estimator class that scikit-learn, XGBoost or LightGBM defines, each once, where it is defined."""
    from sklearn.base import BaseEstimator

    for module in (*_modules("sklearn"), *_modules("xgboost.sklearn"), *_modules("lightgbm.sklearn")):
        for found in vars(module).values():
            if inspect.isclass(found) and found.__module__ == module.__name__ and issubclass(found, BaseEstimator):
                yield found


def _modules(name: str) -> Iterator[ModuleType]:
    """Yield a module and all in it, importing nothing of what is left out."""
    try:
        module = importlib.import_module(name)
    except ImportError:  # what is optional and not here cannot be in a model that runs here
        return
    yield module
    for part in pkgutil.iter_modules(getattr(module, "__path__", ())):
        inside = f"{name}.{part.name}"
        if not inside.startswith(_LEFT_OUT) and not part.name.startswith(_NOT_SHIPPED):
            yield from _modules(inside)


def _latin(text: Any, encoding: Any = "latin1") -> bytes:
    """Return bytes that protocol 2 wrote as text; no other codec is asked."""
    if not isinstance(text, str) or encoding != "latin1":
        msg = f"the codec {encoding!r} is asked for: only latin1 is, for bytes of old files"
        raise ValueError(msg)
    return text.encode("latin1")


def empty(made: Any, parent: Any, content: Any) -> Any:
    """Make the empty object that a state fills, as ``copyreg._reconstructor`` does for protocols 0 and 1.

    That one calls whatever the parent has as ``__new__`` and ``__init__``; here the parent is a class of the language.
    """
    if not isinstance(made, type) or parent not in _PLAIN or not issubclass(made, parent):
        msg = "an object is to be made in the way of a class that is none of the language's own"
        raise ValueError(msg)
    if parent is object:
        return object.__new__(made)
    found = parent.__new__(made, content)
    if parent in (dict, list, set):
        parent.__init__(found, content)
    return found
