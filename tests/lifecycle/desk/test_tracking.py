from dataclasses import replace

from tests.remembered import RememberedRegistry
from tests.walk import Walked

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.tracking import reconcile, unfinished
from muster.records.codec import decode
from muster.records.model import ModelVersion, RegistrationIntent, Run
from muster.wiring.recovery import SYSTEM


def context(walked: Walked) -> Context:
    return Context(walked.house, SYSTEM, lambda _: None)


def interrupted(walked: Walked, author: str = "mia") -> ModelVersion:
    """Record an intent whose process died before the outcome."""
    version: ModelVersion = walked.do("mia", "model show", version=walked.version)
    _, run = context(walked).history(Run)[0]
    again = replace(version, digest="sha256:" + "0" * 64, registry="")
    walked.context(author).record(RegistrationIntent(again, replace(run, id="0" * 16, tracking="")))
    return again


def test_what_was_begun_is_finished_once(walked: Walked) -> None:
    again = interrupted(walked)
    assert [intent.version.digest for _, intent in unfinished(context(walked))] == [again.digest]
    (finished,) = reconcile(context(walked))
    assert finished.registry.startswith("remembered:")
    assert reconcile(context(walked)) == ()
    assert walked.do("ana", "model show", version=again.digest).registry == finished.registry


def test_what_the_registry_has_already_is_not_registered_twice(walked: Walked) -> None:
    again = interrupted(walked)
    registry = walked.house.registry
    assert isinstance(registry, RememberedRegistry)
    tags = {"muster.version": again.digest}
    run = registry.track("consumer-credit", "0" * 16, {}, {}, tags)
    reference = registry.register("credit", run, {}, tags)
    before = len(registry.registered), len(registry.tracked)
    (finished,) = reconcile(context(walked))
    assert finished.registry == reference
    assert (len(registry.registered), len(registry.tracked)) == before
    assert decode(ModelVersion, context(walked).history(ModelVersion)[-1][0].entry.body) == finished


def test_what_is_finished_later_stays_its_author_s(walked: Walked) -> None:
    """Whoever killed their own process after the intent could else sign off their own work."""
    again = interrupted(walked, "mia")
    reconcile(context(walked))
    entries = list(walked.house.ledger.read(subject=f"version:{again.digest}"))
    assert [recorded.entry.actor for recorded in entries if "registered" in recorded.entry.kind] == ["local:mia"]
    runs = list(walked.house.ledger.read(subject=f"run:{again.run}"))
    assert runs[-1].entry.actor == "local:mia"
