"""Data contracts in the layout of the Open Data Contract Standard v3.1 (bitol.io), read into records.

Only what is held against data is taken as a rule. Whatever the standard allows but is not checked here, such as SQL
quality rules, is refused: a rule that is silently not checked would be a promise that nobody keeps. Sections that
promise nothing about the values of a table (team, servers, price, service levels...) are accepted and not read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from muster.adapters.yamlfiles.document import read_document
from muster.records.data import Column, ColumnType, DataContract

SENSITIVE = "sensitive"
"""Value of ``classification`` for columns that describe people whom the law or a policy protects."""

WEIGHT, TIME = "sample-weight", "sample-time"
"""Tags of the column that says how many people a row stands for, and of the one that says when it happened."""

TYPES = {"number": ColumnType.NUMBER, "integer": ColumnType.INTEGER, "string": ColumnType.CATEGORY}


@dataclass(frozen=True, slots=True)
class TypeOptions:
    """Limits of a number or integer: the smallest and the largest value allowed."""

    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class ValidValues:
    """Arguments of the metric ``invalidValues``: the only values allowed."""

    validValues: tuple[str, ...]  # noqa: N815 - the standard's name


@dataclass(frozen=True, slots=True)
class QualityRule:
    """``metric: invalidValues`` with ``mustBe: 0`` is checked; ``type: text`` is for readers."""

    type: str = "library"
    metric: str = ""
    arguments: ValidValues | None = None
    mustBe: int | None = None  # noqa: N815 - the standard's name
    description: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """One column."""

    name: str
    logicalType: str  # noqa: N815 - the standard's name
    required: bool = False
    logicalTypeOptions: TypeOptions | None = None  # noqa: N815 - the standard's name
    classification: str = ""
    quality: tuple[QualityRule, ...] = ()
    description: str = ""
    businessName: str = ""  # noqa: N815 - the standard's name
    physicalType: str = ""  # noqa: N815 - the standard's name
    tags: tuple[str, ...] = ()
    examples: Any = None
    criticalDataElement: bool = False  # noqa: N815 - the standard's name
    customProperties: Any = None  # noqa: N815 - the standard's name
    authoritativeDefinitions: Any = None  # noqa: N815 - the standard's name


@dataclass(frozen=True, slots=True)
class Table:
    """One table with its columns."""

    name: str
    properties: tuple[Property, ...]
    logicalType: str = "object"  # noqa: N815 - the standard's name
    physicalType: str = ""  # noqa: N815 - the standard's name
    physicalName: str = ""  # noqa: N815 - the standard's name
    businessName: str = ""  # noqa: N815 - the standard's name
    description: str = ""
    dataGranularityDescription: str = ""  # noqa: N815 - the standard's name
    tags: tuple[str, ...] = ()
    customProperties: Any = None  # noqa: N815 - the standard's name
    authoritativeDefinitions: Any = None  # noqa: N815 - the standard's name


@dataclass(frozen=True, slots=True)
class ContractFile:
    """A data contract of one table."""

    apiVersion: str  # noqa: N815 - the standard's name
    kind: str
    id: str
    version: str
    status: str
    schema: tuple[Table, ...]
    name: str = ""
    domain: str = ""
    tenant: str = ""
    dataProduct: str = ""  # noqa: N815 - the standard's name
    description: Any = None
    tags: tuple[str, ...] = ()
    servers: Any = None
    support: Any = None
    price: Any = None
    team: Any = None
    roles: Any = None
    slaProperties: Any = None  # noqa: N815 - the standard's name
    customProperties: Any = None  # noqa: N815 - the standard's name
    authoritativeDefinitions: Any = None  # noqa: N815 - the standard's name
    contractCreatedTs: str = ""  # noqa: N815 - the standard's name


def read_contract(text: str, name: str) -> DataContract:
    """Read a data contract of one table; its digest is the SHA-256 of the text as UTF-8.

    Raises
    ------
    ValueError
        With file, line, field, what is wrong and how to mend it; also for rules of the standard that are not checked.
    """
    document = read_document(text, name, "contract")
    contract = document.decode(ContractFile)
    for path, what in _faults(contract):
        raise document.fault(path, what)
    columns = contract.schema[0].properties
    return DataContract(
        name=contract.name or contract.id,
        digest=f"sha256:{hashlib.sha256(text.encode()).hexdigest()}",
        columns=tuple(_column(column) for column in columns),
        sensitive=tuple(column.name for column in columns if column.classification == SENSITIVE),
        weight=_tagged(columns, WEIGHT),
        time=_tagged(columns, TIME),
    )


def _tagged(columns: Sequence[Property], tag: str) -> str:
    """Return the name of the column with a tag; empty if none has it."""
    return next((column.name for column in columns if tag in column.tags), "")


def _column(column: Property) -> Column:
    options = column.logicalTypeOptions or TypeOptions()
    return Column(
        name=column.name,
        type=TYPES[column.logicalType],
        nullable=not column.required,
        minimum=options.minimum,
        maximum=options.maximum,
        categories=next((rule.arguments.validValues for rule in column.quality if rule.arguments), ()),
    )


def _faults(contract: ContractFile) -> Iterator[tuple[str, str]]:
    if not contract.apiVersion.startswith("v3."):
        yield (
            "contract.apiVersion",
            f"{contract.apiVersion!r} is not read; write v3.1.0, the layout with schema and properties",
        )
    if contract.kind != "DataContract":
        yield "contract.kind", f"{contract.kind!r} is not DataContract"
    if len(contract.schema) != 1 or not contract.schema[0].properties:
        yield "contract.schema", "exactly one table with at least one property is read; write one file for each table"
    names: set[str] = set()
    for place, column in enumerate(contract.schema[0].properties):
        path = f"contract.schema[0].properties[{place}]"
        if column.name in names:
            yield f"{path}.name", f"column {column.name} stands twice"
        names.add(column.name)
        yield from _column_faults(column, path)
    yield from _tag_faults(contract.schema[0].properties)


def _tag_faults(columns: Sequence[Property]) -> Iterator[tuple[str, str]]:
    for tag in (WEIGHT, TIME):
        tagged = [place for place, column in enumerate(columns) if tag in column.tags]
        if len(tagged) > 1:
            yield f"contract.schema[0].properties[{tagged[1]}].tags", f"two columns are tagged {tag}: only one can be"
        if tagged and tag == WEIGHT and columns[tagged[0]].logicalType == "string":
            yield f"contract.schema[0].properties[{tagged[0]}].tags", f"a string cannot be a {tag}"


def _column_faults(column: Property, path: str) -> Iterator[tuple[str, str]]:
    if column.logicalType not in TYPES:
        yield (
            f"{path}.logicalType",
            f"{column.logicalType!r} is not checked here; known are {', '.join(TYPES)} (true and false: 0 and 1)",
        )
    options = column.logicalTypeOptions
    if options and column.logicalType == "string":
        yield (
            f"{path}.logicalTypeOptions",
            "a string has no minimum and maximum; list its values under quality, metric invalidValues",
        )
    if options and options.minimum is not None and options.maximum is not None and options.minimum > options.maximum:
        yield f"{path}.logicalTypeOptions", f"minimum {options.minimum:g} is above maximum {options.maximum:g}"
    checked = [place for place, rule in enumerate(column.quality) if rule.type != "text"]
    for place in checked:
        rule = column.quality[place]
        if rule.type != "library" or rule.metric != "invalidValues" or rule.mustBe != 0 or not rule.arguments:
            yield (
                f"{path}.quality[{place}]",
                "only metric invalidValues with arguments.validValues and mustBe: 0 is checked here",
            )
        if column.logicalType != "string":
            yield (
                f"{path}.quality[{place}]",
                "values are listed for strings; give a number its minimum and maximum instead",
            )
    if len(checked) > 1:
        yield f"{path}.quality[{checked[1]}]", "a column has one list of valid values; join the two"
