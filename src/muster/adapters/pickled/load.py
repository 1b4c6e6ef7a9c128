"""Load: models from pickle and joblib files, where every name that the file gives is looked up in the exact list.

Whatever opcode names something (GLOBAL, STACK_GLOBAL, INST, the extension registry) asks ``find_class``, which knows no
module and no attribute, only the list. That is no scan beforehand: what is judged is what is loaded. The interpreter of
opcodes is the standard library's in Python, not that in C, because calls and states have to be judged too: of an
estimator only an empty object is made, and numpy takes the state of a dtype at its word.
"""

from __future__ import annotations

import bz2
import io
import lzma
import pickle  # noqa: TID251 - the one place that unpickles: by the list, in a worker
import warnings
import zlib
from collections.abc import Callable
from typing import Any, ClassVar, Final

import numpy as np

from muster.adapters.pickled.allowed import Names, allowed, empty
from muster.adapters.pickled.arrays import require_new, require_sound
from muster.ports.executor import Progress

LARGEST: Final = 2**30
"""Bytes of a file once unpacked."""

_FILLED: Final = (
    (pickle.APPEND, list, 2),
    (pickle.APPENDS, list, 0),
    (pickle.ADDITEMS, set, 0),
    (pickle.SETITEM, dict, 3),
    (pickle.SETITEMS, dict, 0),
)
"""Opcodes that fill something: what may be filled, and how far down the stack it is; 0 is under the mark."""

_STATE: Final = {"subclass", "shape", "order", "dtype", "allow_mmap", "numpy_array_alignment_bytes"}
"""What joblib writes of an array."""


def load_pickle(raw: bytes, progress: Progress = lambda _: None) -> Any:
    """Build the model that a pickle file holds.

    Raises
    ------
    PermissionError
        Where the file names what is not on the list, or calls what may not be called; that has not happened then.
    ValueError
        Where the bytes are no pickle, or hold more than one object.
    """
    stream = io.BytesIO(raw)
    return _loaded(_plain(stream).load, stream, progress)


def load_joblib(raw: bytes, progress: Progress = lambda _: None) -> Any:
    """Build the model that a joblib file holds, compressed or not; raises as :func:`load_pickle` does."""
    stream = io.BytesIO(_unpacked(raw))
    return _loaded(_with_arrays(stream).load, stream, progress)


def _judging(opened: type) -> type:
    """Return a subclass of an unpickler of the standard library that judges names, calls and states."""
    known = allowed()
    inside: Any = opened

    class Judging(inside):  # type: ignore[misc]
        dispatch = inside.dispatch.copy()
        listed: ClassVar[Names] = known.names

        def find_class(self, module: str, name: str) -> Any:
            found = self.listed.get((module, name))
            if found is None:
                _refuse(f"it names {f'{module}.{name}'[:200]}, which is not on the list of what a model needs")
            return found

        def _instantiate(self, made: Any, arguments: Any) -> None:
            self.append(_callable(made, arguments)(*arguments))

        def load_reduce(self) -> None:
            _callable(self.stack[-2], self.stack[-1])
            super().load_reduce()

        def load_newobj(self) -> None:
            _class(self.stack[-2], self.stack[-1])
            super().load_newobj()

        def load_newobj_ex(self) -> None:
            _class(self.stack[-3], (*self.stack[-2], *self.stack[-1].values()))
            super().load_newobj_ex()

        def load_build(self) -> None:
            _require_state(self.stack[-2], self.stack[-1])
            super().load_build()

        dispatch[pickle.REDUCE[0]] = load_reduce
        dispatch[pickle.NEWOBJ[0]] = load_newobj
        dispatch[pickle.NEWOBJ_EX[0]] = load_newobj_ex
        dispatch[pickle.BUILD[0]] = load_build
        dispatch.update({code[0]: _filling(inside.dispatch[code[0]], kind, deep) for code, kind, deep in _FILLED})

    return Judging


def _filling(fill: Callable[[Any], None], kind: type, deep: int) -> Callable[[Any], None]:
    """Return an opcode that fills what is of one kind: of others it would call whatever stands under the name."""

    def judged(unpickler: Any) -> None:
        filled = unpickler.stack[-deep] if deep else unpickler.metastack[-1][-1]
        if not isinstance(filled, kind):
            _refuse(f"it fills {_shown(filled)} as if it were a {kind.__name__}")
        fill(unpickler)

    return judged


def _callable(made: Any, arguments: Any) -> Any:
    if id(made) not in allowed().called:
        _refuse(f"it calls {_shown(made)}, which no model needs to call")
    if isinstance(made, type):
        _class(made, arguments)
    elif made is not empty and any(_acts(argument) for argument in arguments):
        _refuse(f"it hands {made.__name__} something that would be called")
    return made


def _acts(argument: Any) -> bool:
    """Return whether a maker could call this, or what it carries: a class, or an object with a state of its own."""
    return id(argument) not in allowed().called if isinstance(argument, type) else hasattr(argument, "__dict__")


def _class(made: Any, arguments: Any) -> None:
    if not isinstance(made, type):
        _refuse(f"it makes something of {_shown(made)}, which is no class")
    if issubclass(made, (bytes, bytearray)) and any(isinstance(argument, np.ndarray) for argument in arguments):
        _refuse("it makes bytes of an array, which could give addresses away")


def _require_state(made: Any, state: Any) -> None:
    if isinstance(made, type) or id(made) in allowed().called:
        _refuse(f"it changes {_shown(made)} itself")
    if "__setstate__" in getattr(made, "__dict__", {}):
        _refuse("an object in it brings a way of its own to take its state")
    if isinstance(made, np.dtype):
        require_sound(made, state)
    if isinstance(made, np.ndarray):
        require_new(made)


def _shown(made: Any) -> str:
    kind = made if isinstance(made, type) else type(made)
    return f"the class {kind.__module__}.{kind.__qualname__}" if kind is made else f"an object of {kind.__qualname__}"


def _refuse(what: str) -> None:
    msg = f"model file refused: {what}"
    raise PermissionError(msg)


def _plain(stream: Any) -> Any:
    return _judging(pickle._Unpickler)(stream)  # noqa: SLF001 - the one in Python: see above


def _with_arrays(stream: io.BytesIO) -> Any:
    """Return joblib's unpickler, which puts arrays in where the file has their bytes."""
    from joblib.numpy_pickle import NumpyArrayWrapper, NumpyUnpickler  # noqa: TID251 - as pickle above

    class Array(NumpyArrayWrapper):  # type: ignore[misc]
        """An array in the file; what is inside one of objects is judged as all else is."""

        def __setstate__(self, state: Any) -> None:
            if not isinstance(state, dict) or not state.keys() <= _STATE or not isinstance(state["dtype"], np.dtype):
                _refuse("an array in it is not described as joblib describes them")
            self.__dict__.update(state)

        def read_array(self, unpickler: Any, ensure_native_byte_order: bool) -> Any:  # noqa: FBT001 - joblib's signature
            if self.dtype.hasobject:
                return _plain(unpickler.file_handle).load()
            return super().read_array(unpickler, ensure_native_byte_order)

    made = _judging(NumpyUnpickler)("", stream, ensure_native_byte_order=True)
    made.listed = {**made.listed, ("joblib.numpy_pickle", "NumpyArrayWrapper"): Array}
    return made


def _loaded(load: Callable[[], Any], stream: io.BytesIO, progress: Progress) -> Any:
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            model = load()
    except (MemoryError, PermissionError):
        raise
    except Exception as error:  # noqa: BLE001 - a damaged or hostile file can fail in any way on its way through a state
        msg = f"the model file does not load: {type(error).__name__}: {str(error)[:300]}"
        raise ValueError(msg) from None
    if stream.read(1):
        msg = "model file refused: something follows the model in it, and nobody would look at that"
        raise ValueError(msg)
    for line in sorted({str(warning.message).partition(" This might")[0] for warning in told}):
        progress(f"while loading: {line[:300]}")
    return model


def _unpacked(raw: bytes) -> bytes:
    """Return what joblib wrote, unpacked by the standard library and not beyond the largest size."""
    kinds: tuple[tuple[bytes, Callable[[], Any]], ...] = (
        (b"\x1f\x8b", lambda: zlib.decompressobj(31)),
        (b"x", zlib.decompressobj),
        (b"BZh", bz2.BZ2Decompressor),
        (b"\xfd7zXZ\x00", lzma.LZMADecompressor),
        (b"]\x00", lzma.LZMADecompressor),
    )
    opened = next((make() for magic, make in kinds if raw.startswith(magic)), None)
    if opened is None:
        return raw
    try:
        content: bytes = opened.decompress(raw, LARGEST + 1)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        msg = f"the model file does not unpack: {error}"
        raise ValueError(msg) from None
    if len(content) > LARGEST or not opened.eof or opened.unused_data:
        msg = f"model file refused: it unpacks to more than {LARGEST} bytes, is cut off, or is followed by something"
        raise ValueError(msg)
    return content
