from __future__ import annotations

from datetime import UTC, datetime

from muster.api.entrance.pages import (
    button,
    code_page,
    enter_page,
    field,
    form,
    home_page,
    page,
    password_page,
    problem_page,
    roles_of,
    said,
    sign_in_page,
    stylesheet,
)
from muster.lifecycle.entrance.sessions import Held, OpenSession, WhoIAm
from muster.records.access.credentials import SignInBy
from muster.records.people import Role

HOSTILE = "<script>alert('x')</script>\""
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ME = WhoIAm("ana", "ana", (Held(Role.OPERATOR, everywhere=False, use_cases=("cards",)),), "", False, "s1")


def test_what_others_typed_is_text_on_every_page() -> None:
    other = OpenSession(HOSTILE, HOSTILE, SignInBy.OIDC, AT, AT, AT, ())
    pages = [
        sign_in_page("t", HOSTILE, passwords=True, provider=True, wrong=HOSTILE, actor=HOSTILE),
        enter_page("t", HOSTILE, HOSTILE, passwords=True, provider=True, wrong=HOSTILE),
        home_page("t", ME, [other], passwords=True),
        code_page(HOSTILE, HOSTILE, 5),
        password_page("t", HOSTILE),
        problem_page(HOSTILE, HOSTILE),
    ]
    for each in pages:
        assert b"<script" not in each
        assert b"style=" not in each, "the policy allows no styles beside the file"


def test_every_form_posts_and_begins_with_its_token() -> None:
    written = form("/x", "token", field("Name", "name"), button("Go"))
    start = '<form method="post" action="/x"><input type="hidden" name="csrf" value="token">'
    assert written.startswith(start)
    assert '<label for="name">Name</label><input id="name" name="name" required="required">' in written


def test_only_ways_that_there_are_are_offered() -> None:
    neither = sign_in_page("t", "/", passwords=False, provider=False)
    assert b"takes tokens alone" in neither
    assert b"<form" not in neither
    assert b"/sign-in/provider?next=%2Fa" in sign_in_page("t", "/a", passwords=False, provider=True)
    assert b"link=l" in enter_page("t", "l", "ana", passwords=False, provider=True)


def test_roles_say_where_they_count() -> None:
    assert roles_of(ME.roles) == '<ul class="plain-list"><li>operator for cards</li></ul>'
    assert "none yet" in roles_of(())


def test_ones_own_session_is_not_ended_by_mistake() -> None:
    mine = OpenSession("s1", "ana", SignInBy.PASSWORD, AT, AT, AT, ())
    written = home_page("t", ME, [mine], passwords=False)
    assert b"this one" in written
    assert b"/sessions/end" not in written
    assert b"/password" not in written


def test_a_page_loads_nothing_but_its_styles() -> None:
    assert page("Title").count(b"href=") == 1
    assert b"label" in stylesheet()
    assert said("") == ""
