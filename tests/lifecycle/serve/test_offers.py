from __future__ import annotations

from tests.walk import Walked

from muster.lifecycle.serve.offers import offer
from muster.records.release import SignedRelease


def test_everything_that_a_gateway_needs_lies_in_the_outbox(walked: Walked) -> None:
    context = walked.context("omar")
    ((_, released),) = context.history(SignedRelease)
    for name in (walked.package, walked.served):
        (walked.home / "outbox" / "sha256" / name[7:9] / name[7:]).unlink()
    assert offer(context, released).served == walked.served
    assert walked.gateway().refresh().serving(walked.clock()) == ("credit",)
