"""All actions and views of all stages: import this to have the catalogue filled."""

from __future__ import annotations

from muster.lifecycle import adopt, assess, data, intake, monitor, register, release, train
from muster.lifecycle.access import actors, persons, roles, tokens
from muster.lifecycle.desk import checkpoints, journal, library, roots
from muster.lifecycle.desk.action import CATALOGUE
from muster.lifecycle.dossier import write as dossier
from muster.lifecycle.dossier.signing import attest
from muster.lifecycle.entrance import links, sessions
from muster.lifecycle.govern import drafting, gate, inbox, lending, signing, taking_back, waivers
from muster.lifecycle.language import canary, host, probe, stopped
from muster.lifecycle.library import applying, regimes, versions
from muster.lifecycle.library import controls as library_controls
from muster.lifecycle.policies import backtest, propose, show
from muster.lifecycle.privacy import comments, erase, hold, retain
from muster.lifecycle.report import write as report
from muster.lifecycle.report.papers import write as papers
from muster.lifecycle.review import due, emergency, findings, questionnaires
from muster.lifecycle.search import run as search
from muster.lifecycle.search import take
from muster.lifecycle.serve import compaction, deployments, guards, orders, overrides
from muster.lifecycle.serve import posture as postures
from muster.lifecycle.serve.traffic import canaries, shares, stepping, stopping, trials
from muster.lifecycle.watch import posture

STAGES = (
    actors,
    roles,
    tokens,
    persons,
    links,
    sessions,
    roots,
    journal,
    checkpoints,
    library,
    intake,
    data,
    train,
    register,
    search,
    take,
    assess,
    adopt,
    library_controls,
    versions,
    regimes,
    applying,
    backtest,
    show,
    propose,
    gate,
    inbox,
    drafting,
    signing,
    taking_back,
    lending,
    waivers,
    findings,
    questionnaires,
    emergency,
    due,
    release,
    deployments,
    orders,
    guards,
    compaction,
    overrides,
    shares,
    stopping,
    canaries,
    stepping,
    trials,
    posture,
    postures,
    monitor,
    dossier,
    attest,
    report,
    papers,
    host,
    probe,
    canary,
    stopped,
    comments,
    erase,
    retain,
    hold,
)
"""The modules whose declarations fill the catalogue, in the order of a model version's walk."""

__all__ = ["CATALOGUE", "STAGES"]
