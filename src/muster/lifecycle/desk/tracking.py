"""Tracking: what also touches the registry is first intended, then done, then recorded; and reconciled at start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from muster.lifecycle.desk.context import Context, Identity
from muster.records.access.alert import Alert, Severity
from muster.records.codec import encode
from muster.records.entry import LOCAL, Recorded
from muster.records.model import ModelVersion, RegistrationIntent, Run
from muster.records.release import SignedRelease

CHANGED = "registry-changed"
"""The alert where the registry is not what the ledger says."""

TAG = "muster.version"
"""Tag by which a registered model says which version it is; a hint for finding it again, never evidence."""


def register_tracked(context: Context, version: ModelVersion, run: Run, files: Mapping[str, bytes]) -> ModelVersion:
    """Record the intent, register run and model in the registry, record the outcome; return the version as recorded.

    Raises
    ------
    PermissionError
        If it is a version of another use case already.
    """
    basis = context.basis(version.subject)
    require_one_use_case(context, version)
    context.record(RegistrationIntent(version, run), expect=basis)
    context.progress("tracking the run and registering the model in MLflow")
    tracking = _track(context, version, run)
    return _registered(context, version, run, tracking, _register(context, version, tracking, files))


def require_one_use_case(context: Context, version: ModelVersion) -> None:
    """Refuse to register for one use case what is a version of another: people and the gate name versions by digest.

    Whoever could do that would turn every question about the first one, and the taking back of what was signed about
    it, into one about the second.
    """
    intended = (intent.version for _, intent in context.history(RegistrationIntent, version.subject))
    known = (held for _, held in context.history(ModelVersion, version.subject))
    if other := next((held.use_case for held in (*known, *intended) if held.use_case != version.use_case), ""):
        msg = (
            f"version {version.digest} belongs to use case {other!r} already, and a version belongs to one: another "
            "seed, threshold, parameter or system prompt makes a version of its own"
        )
        raise PermissionError(msg)


def reconcile(context: Context) -> tuple[ModelVersion, ...]:
    """Bring to an end what a process began and did not finish: what the registry holds already is taken, not repeated.

    The files of a version are kept before its intent is recorded, so that an intent can always be finished. The outcome
    is recorded in the name of whoever intended it: they are the version's author, and may not sign it off.
    """
    registry, finished = context.house.registry, []
    for recorded, intent in unfinished(context):
        version, run = intent.version, intent.run
        context = replace(context, identity=_author(recorded))
        runs = registry.find_runs(TAG, version.digest)
        tracking = runs[-1] if runs else _track(context, version, run)
        found = registry.find(TAG, version.digest)
        files = {name: context.house.blobs.get(kept) for name, kept in version.manifest.files.items()}
        reference = found[-1] if found else _register(context, version, tracking, files)
        finished.append(_registered(context, version, run, tracking, reference))
    return tuple(finished)


def compare(context: Context) -> tuple[str, ...]:
    """Hold what the registry says of each released version against the ledger; return a line for each that differs.

    Nothing rests on what the registry says, so nothing is refused for it. But people look at it, and whoever changed it
    wants something: each difference raises the alert ``registry-changed``.

    Raises
    ------
    OSError
        If the registry cannot be reached.
    """
    runs = {run.id: run for _, run in context.history(Run)}
    versions = {version.digest: version for _, version in context.history(ModelVersion)}
    lines = []
    for digest in dict.fromkeys(release.version for _, release in context.history(SignedRelease)):
        version = versions[digest]
        found = _difference(context, version, runs.get(version.run)) if version.registry else ""
        if found:
            words = (
                f"{version.registry} is not what was registered as {version.digest}: {found}. What is served does not "
                "come from there; find out who can write to it, and register the version again"
            )
            house = context.house
            house.notify.notify(Alert(CHANGED, Severity.WARNING, f"version:{version.digest}", words, house.clock()))
            lines.append(words)
    return tuple(lines)


def _difference(context: Context, version: ModelVersion, run: Run | None) -> str:
    try:
        held = context.house.registry.holds(version.registry, run.tracking if run else "", TAG)
    except LookupError as error:
        return str(error)
    if held is None:
        return ""
    files = [name for name, kept in version.manifest.files.items() if held.files.get(name) != kept]
    figures = [name for name, value in (run.metrics if run else {}).items() if held.metrics.get(name) != value]
    said = [f"the files {', '.join(files)} were exchanged"] * bool(files)
    said += [f"its run says something else of {', '.join(figures)}"] * bool(figures)
    said += ["it says that it is another version"] * (held.tag != version.digest)
    return "; ".join(said)


def unfinished(context: Context) -> tuple[tuple[Recorded, RegistrationIntent], ...]:
    """Return intents without an outcome: the process died in between, so the registry may hold more than the ledger."""
    done = {version.digest for _, version in context.history(ModelVersion)}
    return tuple(found for found in context.history(RegistrationIntent) if found[1].version.digest not in done)


def _author(intended: Recorded) -> Identity:
    entry = intended.entry
    return Identity(entry.person, frozenset(), local=entry.actor.startswith(LOCAL))


def _track(context: Context, version: ModelVersion, run: Run) -> str:
    tags = {TAG: version.digest, "muster.training": run.training}
    return context.house.registry.track(version.use_case, run.id, _flat(run), run.metrics, tags)


def _register(context: Context, version: ModelVersion, tracking: str, files: Mapping[str, bytes]) -> str:
    return context.house.registry.register(version.model, tracking, files, {TAG: version.digest})


def _registered(context: Context, version: ModelVersion, run: Run, tracking: str, reference: str) -> ModelVersion:
    registered = replace(version, registry=reference)
    context.record(replace(run, tracking=tracking), registered)
    return registered


def _flat(run: Run) -> dict[str, object]:
    recipe = encode(run.recipe)
    return {
        "learner": recipe["learner"],
        "target": recipe["target"],
        "inputs": ",".join(recipe["inputs"]),
        "seed": recipe["seed"],
        **({"imported": run.imported} if run.imported else {}),
        **{f"parameter.{name}": value for name, value in recipe["parameters"].items()},
    }
