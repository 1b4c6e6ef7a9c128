"""Offers: everything that a gateway needs to serve a release lies in the outbox before orders name it."""

from __future__ import annotations

from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.records.model import ModelFormat
from muster.records.release import Release, SignedRelease
from muster.rules.admission import open_package


def offer(context: Context, released: SignedRelease) -> Release:
    """Put the package of a release into the outbox, with what it serves; return the release."""
    blobs, outbox = context.house.blobs, context.house.outbox
    manifest = find_version(context, released.version).manifest
    content = blobs.get(released.package)
    release, _ = open_package(content, current_root(context), context.house.verify)
    outbox.put(content)
    outbox.put(blobs.get(release.served))
    if manifest.format is ModelFormat.HOSTED:
        for needed in manifest.files.values():
            outbox.put(blobs.get(needed))
    return release
