from __future__ import annotations

import pytest
from tests.columns.packages.reading.reading import names, read

from muster.columns.packages.reading.javascript import JavaScript, plain


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import React, { useState } from 'react';\n", "react"),
        ("import {\n  a,\n  b,\n} from 'lib';\n", "lib"),
        ("import 'side-effect';\nimport type { A } from \"types-x\";\n", "side-effect types-x"),
        ("const x = require('a/b/c'), y = require(`z`);\n", "a z"),
        ("const {q} = await import(\n  'late'\n);\n", "late"),
        ("export * from '@s/p/deep';\nexport { x } from 'y';\n", "@s/p y"),
        ("import fs from 'node:fs';\n", "node:fs"),
        (
            "import './x.css';\nimport a from '@/a';\nimport b from '~/b';\nimport c from '#c';\nimport '!!raw!./x';\n",
            "",
        ),
        ("import x from 'npm:chalk';\nimport d from 'https://esm.sh/d3@7';\n", "chalk d3"),
        ("jest.mock('axios');\nrequire.resolve('x');\n", "axios x"),
        ("import x = require('y');\n", "y"),
        ("// npm install one two\n// import z from 'three';\n", "one two three"),
        ('console.log("data from \'api\'");\nconst s = `from "nothing"`;\n', ""),
        ("function f( {\n const a = require('uuid'\n", "uuid"),
        ("npm install one\n$ yarn add two\n", "one two"),
        ("} from 'multi'\n", "multi"),
        ('/// <reference types="node" />\n', "node"),
        ("Handle errors different from 'strict'---)(\n", ""),
        ("const fromage = important(1); export const importer = {};\n", ""),
    ],
)
def test_modules_in_every_form(code: str, expected: str) -> None:
    assert names(JavaScript(), code) == expected.split()


def test_a_module_from_an_address_says_so() -> None:
    (found,) = read(JavaScript(), "import x from 'https://cdn.example/x.js';\n")
    assert found.index == "https://cdn.example/x.js"


def test_a_whole_line_may_be_an_import() -> None:
    assert [each.name for each in plain("const a = require('b')", 0)] == ["b"]
    assert plain("import duties", 0) == []
