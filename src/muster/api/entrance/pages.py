"""Pages of the way in: server-rendered, without scripts, in the style of everything else that we write for people."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from urllib.parse import urlencode

from muster.api.entrance.forms import FIELD
from muster.lifecycle.entrance.sessions import Held, OpenSession, WhoIAm
from muster.lifecycle.page.markup import Html, facts, table, tag, text
from muster.rules.entrance.passwords import SHORTEST

STYLES = "/style.css"


@cache
def stylesheet() -> bytes:
    """Return the styles of all pages."""
    assets = resources.files("muster").joinpath("assets")
    return b"\n".join(assets.joinpath(name).read_bytes() for name in ("page.css", "forms.css"))


def page(title: str, *parts: Html) -> bytes:
    """Return the bytes of a page: a kicker, the title, and the parts."""
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", f"{title} · muster"),
        Html(f'<link rel="stylesheet" href="{STYLES}">'),
    )
    top = tag("header", tag("p", "muster", class_="kicker"), tag("h1", title))
    body = tag("body", top, tag("main", *parts), class_="form")
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n".encode()


def sign_in_page(token: str, then: str, *, passwords: bool, provider: bool, wrong: str = "", actor: str = "") -> bytes:
    """Return the page that asks who somebody is."""
    parts = [said(wrong)]
    if passwords:
        fields = (
            field(
                "Your id here", "actor", value=actor, autocomplete="username", autocapitalize="none", spellcheck="false"
            ),
            field("Password", "password", type="password", autocomplete="current-password"),
        )
        parts.append(form("/sign-in", token, *fields, hidden("next", then), button("Sign in")))
    if provider:
        parts.append(tag("p", tag("a", "Sign in at the identity provider", href=_provider(then), class_="button")))
    if not passwords and not provider:
        parts.append(tag("p", "Nobody signs in here by browser: this house takes tokens alone (muster token issue)."))
    parts.append(
        tag("p", "No password yet, or lost it? An admin makes a one-time link: muster actor link.", class_="note")
    )
    return page("Sign in", *parts)


def enter_page(token: str, link: str, actor: str, *, passwords: bool, provider: bool, wrong: str = "") -> bytes:
    """Return the page behind a one-time link."""
    parts = [said(wrong), tag("p", text("You come in as ", tag("b", actor), ". This link works once."))]
    if passwords:
        parts.append(
            form("/enter", token, *_new_password(), hidden("link", link), button("Set the password and sign in"))
        )
    if provider:
        href = _provider("/", link)
        parts.append(tag("p", tag("a", "Use my name at the identity provider", href=href, class_="button")))
    return page("Welcome", *parts)


def home_page(token: str, me: WhoIAm, sessions: Sequence[OpenSession], *, passwords: bool) -> bytes:
    """Return the page of somebody who is in: who they are, what they may do, and their sessions."""
    named = {"Actor": tag("b", me.id), "Roles": roles_of(me.roles), "Session": tag("code", me.session)}
    rows = [_session(token, session, me) for session in sessions]
    links = [tag("li", tag("a", "What can be asked here (OpenAPI)", href="/openapi.json"))]
    if passwords:
        links.append(tag("li", tag("a", "Set another password", href="/password")))
    return page(
        "Who you are here",
        facts(named),
        tag("h2", "Open sessions"),
        table(("Actor", "By", "Since", "Used", "Until", ""), rows, "Times are UTC."),
        tag("h2", "Where to go"),
        tag("ul", *links),
        form("/command-line", token, button("Bring the command line in", quiet=True)),
        form("/sign-out", token, button("Sign out", quiet=True)),
    )


def code_page(address: str, code: str, minutes: int) -> bytes:
    """Return the page with a code that lets a command line in."""
    command = f"muster sign-in --url {address} --link {code}"
    words = f"Good once, for {minutes} minutes. Whoever has it comes in as you."
    return page("For the command line", tag("pre", command), tag("p", words, class_="note"), back())


def password_page(token: str, wrong: str = "", done: str = "") -> bytes:
    """Return the page where somebody sets another password."""
    now = field("Present password", "present", type="password", autocomplete="current-password")
    words = tag("p", done, class_="answer allowed") if done else said(wrong)
    return page(
        "Set another password",
        words,
        form("/password", token, now, *_new_password(), button("Set it")),
        tag("p", "All other sessions of yours end.", class_="note"),
        back(),
    )


def problem_page(title: str, words: str, *, href: str = "/sign-in", link: str = "To the sign-in page") -> bytes:
    """Return a page that says what went wrong, and what to do."""
    return page(title, said(words), tag("p", tag("a", link, href=href)))


def roles_of(roles: Sequence[Held]) -> Html:
    """Return roles, each with where it counts."""
    if not roles:
        return text("none yet: an admin grants them (muster role grant)")
    return tag("ul", *(tag("li", held.role.value, _where(held)) for held in roles), class_="plain-list")


def said(words: str) -> Html:
    """Return what went wrong, to be read first, as a sentence."""
    return tag("p", _sentence(words), class_="answer refused", role="alert") if words else Html("")


def form(action: str, token: str, *parts: Html) -> Html:
    """Return a form that posts, with its token first."""
    return tag("form", hidden(FIELD, token), *parts, method="post", action=action)


def field(label: str, name: str, **attributes: str) -> Html:
    """Return a labelled field that must be filled."""
    entry = _void("input", id=name, name_=name, required="required", **attributes)
    return tag("p", tag("label", label, for_=name), entry)


def hidden(name: str, value: str) -> Html:
    """Return a field that is not shown."""
    return _void("input", type="hidden", name_=name, value=value)


def button(words: str, *, quiet: bool = False) -> Html:
    """Return the button of a form."""
    return tag("p", tag("button", words, type="submit", class_="quiet" if quiet else "loud"))


def back() -> Html:
    """Return the way back to the first page."""
    return tag("p", tag("a", "Back", href="/"))


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}{'' if words.endswith(('.', '!', '?', ')')) else '.'}"


def _void(element: str, **attributes: str) -> Html:
    return Html(tag(element, **attributes).removesuffix(f"</{element}>"))


def _new_password() -> tuple[Html, ...]:
    more = {"type": "password", "autocomplete": "new-password", "minlength": str(SHORTEST)}
    return (
        field(f"New password ({SHORTEST} characters or more; a few words do well)", "password", **more),
        field("Once more", "again", **more),
    )


def _provider(then: str, link: str = "") -> str:
    return "/sign-in/provider?" + urlencode({"next": then, **({"link": link} if link else {})})


def _where(held: Held) -> str:
    if held.everywhere:
        return ""
    return f" for {', '.join((*held.use_cases, *held.business_units))}"


def _session(token: str, session: OpenSession, me: WhoIAm) -> tuple[object, ...]:
    times = tuple(f"{moment:%d %b %H:%M}" for moment in (session.opened_at, session.seen_at, session.expires_at))
    if session.id == me.session:
        return (session.actor, session.by.value, *times, "this one")
    end = form("/sessions/end", token, hidden("id", session.id), tag("button", "End", type="submit", class_="quiet"))
    return (session.actor, session.by.value, *times, end)
