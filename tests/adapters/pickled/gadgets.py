"""Files that would do harm in an unpickler: each by another way of naming, calling or hiding it. Inert until loaded."""

from __future__ import annotations

import io
import os
import pickle  # noqa: TID251 - written here, read by the code under test
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib  # noqa: TID251 - as pickle
import numpy as np

START = b"\x80\x04"

SYSTEM = os.system  # noqa: TID251 - what attackers like best


class Call:
    """Pickles as a call."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> Any:
        return self._call


def text(value: str) -> bytes:
    return b"\x8c" + bytes([len(value.encode())]) + value.encode()


def named(module: str, name: str) -> bytes:
    return text(module) + text(name) + b"\x93"


def called(function: bytes, *arguments: bytes) -> bytes:
    return function + b"(" + b"".join(arguments) + b"tR"


def stack_global(module: str, name: str, *arguments: bytes) -> bytes:
    return START + called(named(module, name), *arguments) + b"."


def live(canary: Path) -> Iterator[tuple[str, bytes]]:
    """Pickles that leave a file where the standard library loads them."""
    touch = f"touch {canary}"
    for protocol in range(6):
        yield f"os.system, protocol {protocol}", pickle.dumps(Call(SYSTEM, touch), protocol)
    yield from _by_opcode(touch)
    yield from _by_way_of_others(touch, str(canary))


def _by_opcode(touch: str) -> Iterator[tuple[str, bytes]]:
    command, shell = text(touch), named("os", "system")
    yield "GLOBAL", b"cos\nsystem\n(S'" + touch.encode() + b"'\ntR."
    yield "INST", b"(S'" + touch.encode() + b"'\nios\nsystem\n."
    yield "OBJ", b"(cos\nsystem\nS'" + touch.encode() + b"'\no."
    yield "STACK_GLOBAL", START + called(shell, command) + b"."
    yield "a dotted name", stack_global("pathlib", "os.system", command)
    yield "a module of a library", stack_global("joblib.numpy_pickle", "os.system", command)
    yield "memo", START + text("os") + b"\x940" + text("system") + b"\x940h\x00h\x01\x93(" + command + b"tR."
    yield "an old memo", b"cos\nsystem\np7\n0g7\n(S'" + touch.encode() + b"'\ntR."
    yield "inside a list", pickle.dumps([1, {"a": Call(SYSTEM, touch)}], 4)
    yield "as a key", START + b"}" + called(shell, command) + b"Ns."
    yield "as a state", START + named("types", "SimpleNamespace") + b")R}" + text("a") + called(shell, command) + b"sb."
    yield "thrown away", START + called(shell, command) + b"0N."
    yield "two frames", START + b"\x95" + struct.pack("<Q", len(shell)) + shell + b"(" + command + b"tR."


def _by_way_of_others(touch: str, canary: str) -> Iterator[tuple[str, bytes]]:
    command, shell = text(touch), named("os", "system")
    module = called(named("importlib", "import_module"), text("os"))
    yield "exec", pickle.dumps(Call(exec, f"open({canary!r}, 'w').close()"), 4)
    yield "eval", pickle.dumps(Call(eval, f"open({canary!r}, 'w').close()"), 4)
    yield "open", pickle.dumps(Call(open, canary, "w"), 4)
    yield "pathlib", stack_global("pathlib", "Path.touch", called(named("pathlib", "PosixPath"), text(canary)))
    yield "subprocess", stack_global("subprocess", "call", b"]" + text("touch") + b"a" + text(canary) + b"a")
    found = called(named("builtins", "getattr"), module, text("system"))
    yield "importlib and getattr", START + called(found, command) + b"."
    given = called(named("builtins", "__import__"), text("os"))
    found = called(named("builtins", "getattr"), given, text("system"))
    yield "__import__", START + called(found, command) + b"."
    getter = called(named("operator", "attrgetter"), text("system"))
    yield "attrgetter", START + called(called(getter, module), command) + b"."
    yield (
        "methodcaller",
        START + called(called(named("operator", "methodcaller"), text("system"), command), module) + b".",
    )
    yield "partial", START + called(called(named("functools", "partial"), shell, command)) + b"."
    yield (
        "map",
        START
        + called(named("builtins", "list"), called(named("builtins", "map"), shell, b"]" + command + b"a"))
        + b".",
    )
    yield "resolve_name", START + called(called(named("pkgutil", "resolve_name"), text("os:system")), command) + b"."
    yield "pickle in pickle", pickle.dumps(Call(pickle.loads, pickle.dumps(Call(SYSTEM, touch))), 4)
    yield "a factory", START + called(named("collections", "defaultdict"), shell) + b"0" + called(shell, command) + b"."
    reduce = called(named("functools", "reduce"), shell, b"]" + command + b"a", command)
    yield "a signature that does not fit", START + called(shell, command) + reduce + b"."


def silent() -> Iterator[tuple[str, bytes]]:
    """Pickles that name or call what no model needs, whatever it would do."""
    for module, name in NAMES:
        yield f"{module}.{name}", stack_global(module, name, text("x"))
    bunch, maker = named("sklearn.utils._bunch", "Bunch"), named("copyreg", "_reconstructor")
    yield "an object that is called", START + called(called(named("builtins", "slice"), b"N"), b"N") + b"."
    yield "an estimator that is called", stack_global("sklearn.linear_model._logistic", "LogisticRegression", b"I1\n")
    yield "an estimator by OBJ", b"(csklearn.linear_model._logistic\nLogisticRegression\nI1\no."
    yield "a booster that opens a file", stack_global("xgboost.core", "Booster", b"N", b"N", text("/etc/passwd"))
    yield "a new object of no class", START + maker + b")\x81."
    yield "a new object of an object", START + called(named("builtins", "dict")) + b")\x81."
    yield "a state for a class", START + bunch + b"N}" + text("a") + b"Ns\x86b."
    yield "a state for a maker", START + maker + b"}" + text("a") + b"Nsb."
    own = b"}" + text("__setstate__") + named("builtins", "list") + b"sb]b"
    yield "a state of its own", START + named("sklearn.tree._classes", "DecisionTreeClassifier") + b")\x81" + own + b"."
    yield from _by_way_of_filling()
    yield "a persistent id", START + b"Pos.system\n."
    yield "an extension", START + b"\x82\x01."
    yield "a large extension", START + b"\x84" + struct.pack("<i", 7) + b"."
    yield "a buffer out of band", b"\x80\x05\x97."


def _by_way_of_filling() -> Iterator[tuple[str, bytes]]:
    """Pickles that never say CALL: an opcode, a maker or memory does it for them."""
    model, booster = named("sklearn.linear_model._logistic", "LogisticRegression"), named("xgboost.core", "Booster")

    def with_own(*names: str) -> bytes:
        return model + b")\x81}(" + b"".join(text(name) + booster for name in names) + b"ub"

    yield "APPEND to a method of its own", START + with_own("append") + text("/etc/passwd") + b"a."
    yield "APPENDS to a method of its own", START + with_own("extend") + b"(" + text("/etc/passwd") + b"e."
    yield "ADDITEMS to a method of its own", START + with_own("add") + b"(" + text("/etc/passwd") + b"\x90."
    remade = named("copyreg", "_reconstructor")
    yield "a parent that is called", START + called(remade, booster, booster, b"}") + b"."
    yield (
        "a parent with methods of its own",
        START + called(remade, booster, with_own("__new__", "__init__"), b"N") + b".",
    )
    generator = named("numpy.random._pickle", "__generator_ctor")
    yield "a generator that calls", START + called(generator, text("/etc/passwd"), booster) + b"."
    yield (
        "a generator that makes",
        START + called(named("numpy.random._pickle", "__bit_generator_ctor"), booster) + b".",
    )
    empty = named("sklearn.neighbors._kd_tree", "newObj")
    yield "a maker that is handed a method", START + called(empty, with_own("__new__")) + b"."
    objects, whole = unframed(np.array([{}, [1]], object)), unframed(np.dtype("i8"))
    view = called(named("numpy._core.numeric", "_frombuffer"), objects, whole, b"K\x02\x85", text("C"))
    yield "numbers over addresses", START + view + b"."
    yield "a write over an address", START + view + b"K\x00K\x07s."
    yield "SETITEM in an array", START + unframed(np.arange(3)) + b"K\x00K\x07s."
    for kind in ("bytes", "bytearray"):
        yield f"addresses as {kind}", START + called(named("builtins", kind), objects) + b"."
        yield f"addresses as new {kind}", START + named("builtins", kind) + objects + b"\x85\x81."
    table = unframed(np.arange(4.0).reshape(2, 2))
    state = b"(K\x01K\x01\x85" + whole + b"\x89C\x08" + bytes(8) + b"t"
    yield (
        "rows of memory that was given back",
        START + table + b"q\x000" + called(named("builtins", "list"), b"h\x00") + b"h\x00" + state + b"b\x86.",
    )
    grown = unframed(np.dtype("S4")) + b"(K\x03" + text("|") + b"NNNM\x00\x10K\x01K\x00tb"
    yield "elements that grow", START + grown + b"."


def unframed(value: Any) -> bytes:
    """Return the opcodes of a value alone, to be put among others."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, 3)
    pickler.fast = True
    pickler.dump(value)
    return buffer.getvalue()[2:-1]


NAMES = (
    ("types", "FunctionType"), ("types", "CodeType"), ("types", "MethodType"), ("builtins", "getattr"),
    ("builtins", "type"), ("builtins", "super"), ("builtins", "vars"), ("builtins", "__class__.__subclasses__"),
    ("numpy", "load"), ("numpy", "fromfile"), ("numpy", "memmap"), ("numpy", "genfromtxt"), ("numpy", "vectorize"),
    ("numpy._core.multiarray", "fromfile"), ("numpy.ctypeslib", "load_library"), ("numpy.f2py.diagnose", "run"),
    ("numpy.testing._private.utils", "runstring"), ("joblib", "load"), ("joblib.numpy_pickle", "load"),
    ("joblib.numpy_pickle_compat", "NDArrayWrapper"), ("joblib.numpy_pickle", "NumpyUnpickler"),
    ("sklearn.linear_model", "LogisticRegression"), ("sklearn.utils", "Bunch"),
    ("sklearn.utils._testing", "TempMemmap"),
    ("sklearn.utils.parallel", "_FuncWrapper"), ("sklearn.metrics._scorer", "_Scorer"),
    ("sklearn.metrics._dist_metrics", "PyFuncDistance64"), ("sklearn.datasets._base", "load_files"),
    ("sklearn.feature_selection._univariate_selection", "f_classif"), ("pandas", "read_pickle"), ("pandas", "eval"),
    ("pkgutil", "resolve_name"), ("copyreg", "add_extension"), ("_pickle", "loads"), ("marshal", "loads"),
    ("ctypes", "CDLL"), ("posix", "system"), ("nt", "system"), ("webbrowser", "open"), ("runpy", "run_path"),
    ("timeit", "main"), ("pdb", "run"), ("code", "interact"), ("asyncio", "run"), ("yaml", "unsafe_load"),
    ("multiprocessing.util", "spawnv_passfds"), ("ensurepip", "_run_pip"), ("pip._internal.cli.main", "main"),
    ("cloudpickle.cloudpickle", "_make_function"), ("mlflow.pyfunc", "load_model"), ("xgboost.core", "_load_lib"),
    ("lightgbm.basic", "_LIB"), ("muster.wiring.worker", "main"), ("muster.adapters.pickled.allowed", "_latin"),
    ("sklearn.linear_model._logistic\x00", "LogisticRegression"), ("", "os"), ("os", ""),
)  # fmt: skip
"""What denylists name or forgot, re-exports of what is allowed, and what only looks like it."""


def joblib_dump(value: Any, **options: Any) -> bytes:
    buffer = io.BytesIO()
    joblib.dump(value, buffer, **options)
    return buffer.getvalue()
