"""Host: a language model at a provider becomes a model version: the same inventory, gate and release as any other."""

from __future__ import annotations

from dataclasses import replace

from muster.lifecycle.desk.action import Upload, action
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.tracking import require_one_use_case
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.language.hosted import HostedModel
from muster.records.model import (
    Compilation,
    DecisionRule,
    Favourable,
    Manifest,
    ModelFormat,
    ModelVersion,
    Recipe,
    Run,
)
from muster.records.people import Role
from muster.records.purpose import UseCase
from muster.rules.language.hosted import hosted_faults

PROMPT = "system-prompt.txt"
LEARNER = "hosted"
LONGEST_PROMPT = 200_000
"""Bytes of a system prompt."""


@action("model host", roles=(Role.ML_ENGINEER,))
def host(
    context: Context, use_case: str, model: str, hosted: HostedModel, system_prompt: Upload | None = None
) -> ModelVersion:
    """Register a language model that a provider runs as a version: its configuration is its identity.

    Another address, model, parameter, price or system prompt is another version. What the provider changes behind the
    same name cannot be seen in it; `muster canary run` watches for that.

    Parameters
    ----------
    use_case
        Id of a registered use case.
    model
        Name under which its versions are registered.
    hosted
        Provider, address, the provider's name of the model, fixed parameters, limits and price.
    system_prompt
        Text that comes before whatever a client sends; UTF-8.

    Raises
    ------
    ValueError
        Naming the field that cannot be.
    """
    context.latest(UseCase, f"use-case:{use_case}")
    manifest = _manifest(context, hosted, system_prompt)
    identity = context.house.blobs.put(canonical(encode(manifest)))
    run = Run(
        id=identity.removeprefix("sha256:")[:16],
        use_case=use_case,
        training="",
        recipe=manifest.recipe,
        metrics={},
        environment={"provider": hosted.provider, "url": hosted.url, "model": hosted.model},
    )
    version = ModelVersion(identity, model, use_case, manifest, run.id, "")
    # What a gateway loads is the configuration itself, so that there is nothing to convert and nothing to compare.
    served = Compilation(identity, identity, f"hosted by {hosted.provider}", 0, 0, 0, 0.0, "")
    basis = context.basis(version.subject)
    require_one_use_case(context, version)
    if any(known.digest == identity for _, known in context.history(ModelVersion, version.subject)):
        return version
    context.record(run, version, served, expect=basis)
    return version


def _manifest(context: Context, hosted: HostedModel, prompt: Upload | None) -> Manifest:
    if fault := next(hosted_faults(hosted), None):
        msg = f"hosted model: {fault[0]}: {fault[1]}"
        raise ValueError(msg)
    files = {}
    if prompt is not None:
        files = {PROMPT: context.house.blobs.put(_prompt(prompt))}
    named = files.get(PROMPT, "")
    if hosted.system_prompt not in ("", named):
        msg = f"hosted model: system_prompt: it names {hosted.system_prompt}, the file that came has {named or 'none'}"
        raise ValueError(msg)
    return Manifest(
        recipe=Recipe(LEARNER, (), "", "", {}),
        decision=DecisionRule(0.0, Favourable.AT_LEAST, "answer", "stop"),
        inputs=(),
        files=files,
        format=ModelFormat.HOSTED,
        hosted=replace(hosted, system_prompt=named),
    )


def _prompt(upload: Upload) -> bytes:
    if len(upload.content) > LONGEST_PROMPT:
        msg = f"{upload.name} has {len(upload.content)} bytes: a system prompt has at most {LONGEST_PROMPT}"
        raise ValueError(msg)
    try:
        text = upload.content.decode("utf-8")
    except UnicodeDecodeError:
        msg = f"{upload.name} is not UTF-8 text: a system prompt is"
        raise ValueError(msg) from None
    if not text.strip():
        msg = f"{upload.name} is empty: leave the system prompt out instead"
        raise ValueError(msg)
    return upload.content
