"""Ordinary names: those that stand for a name, and those that every project gives to modules of its own."""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(
    r"""(?:@?(?:your|my|some|any|the|our|another|other|custom|new|old)[-_ ]?(?:own)?[-_ ]?
        (?:python|node|npm|pypi|awesome|cool|local|custom|private|first|new|company|org(?:anization)?|team)?[-_ ]?
        (?:packages?|modules?|apps?|application|project|lib(?:rary)?|name|script|file|code|plugin|extension|scope|org
           |company|model|api|component|dep(?:endency|endencies)?|tool|thing|sdk|client|server|class|function|test)?s?
        (?:[-_]?(?:name|here|\d))?(?:/.*)?
        |(?:packages?|modules?|lib(?:rary)?|project|plugin|dist(?:ribution)?|dep(?:endency)?|app)
         [-_ ]?(?:name|here|x|y|a|b|\d)(?:[-_]here)?
        |(?:@?(?:your|my)[-_][\w./-]*)
        |@(?:scope|org|company|acme|example|namespace)/.*
        |(?:nonexistent|non[-_]existent|missing|nonexisting|does[-_]not[-_]exist|no[-_]such)[-_](?:module|package|lib|library)
        |foo|bar|baz|qux|quux|foobar|spam|eggs|xxx+|yyy+|abc|xyz|[a-z]|placeholder|example[-_]?(?:package|module|lib|pkg|app)s?
        |dummy[-_](?:package|module)|hypothetical[-_]\w+|fictional[-_]\w+)""",
    re.VERBOSE | re.IGNORECASE,
)
_BLANK = re.compile(r"[<{\[$%].*|.*[<>{}$].*|\.{2,}.*|…|-+|\*+|_+")
_KEPT = frozenset({"any", "custom", "my", "new", "old", "other", "our", "some", "the", "your"})

_GENERIC = """
    actions admin agents agent api apis app apps application args assets auth backend backends basemodel bot bots build
    cache callbacks chat checkpoints classes cli client clients cmd code command commands common component components
    conf config configs configuration conftest connection const constant constants context controller controllers core
    crud custom dao data database databases dataset datasets dataloader db decorators definitions demo dependencies
    deps dev device devices dist docs domain domains dto engine entities entity enums env environment errors evaluate
    evaluation event events exceptions examples experiments ext extensions extras features fields file files filters
    fixtures form forms frontend func functions game games global globals graph gui handler handlers helper helpers
    home hooks image images infrastructure init input inputs integration interface interfaces internal io_utils items
    jobs layers layout lib libs library loader loaders local locale log logger loggers logs loss losses main main_app
    manage manager managers math_utils menu message messages metrics middleware middlewares migrations mixins mock
    mocks model modeling models module modules net nets network
    networks nodes notebooks objects operations options order orders output outputs package packages page pages params
    parser parsers pipeline pipelines player players plugin plugins policies policy post posts preprocess
    preprocessing process processing processor processors product products program project projects properties
    providers public queries query reports repositories repository resources results router routers routes routing run
    runner sample samples schema schemas script scripts security serializers server servers service services session
    settings setup shared signals solution source src state static storage store strategies stuff sub_module submodule
    subpackage support system tables tasks task template templates test tests testing test_utils tool tools train
    trainer training transform transforms tutorial types typings ui unit urls user users util utilities utils
    validation validators values version view views viewmodels web website widgets worker workers wrapper
"""
GENERIC = frozenset(_GENERIC.split())
"""Top-level modules that thousands of projects have, so that none of the packages of the name is meant."""


def placeholder(name: str) -> bool:
    """Whether a name stands for a name."""
    if _BLANK.fullmatch(name):
        return True
    return name.lower() not in _KEPT and bool(_PLACEHOLDER.fullmatch(name))
