"""The contract of Blobs, run against every store that fills it."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from obstore.store import MemoryStore

from muster.adapters.blobs import FolderBlobs, StoreBlobs
from muster.ports.blobs import Blobs

STORES: dict[str, Callable[[Path], Blobs]] = {
    "folder": lambda path: FolderBlobs(path / "blobs"),
    "memory": lambda _path: StoreBlobs(MemoryStore(), "memory"),
}


@pytest.fixture(params=STORES)
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return STORES[request.param](tmp_path)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=300))
def test_what_is_put_comes_back_by_its_sha256(blobs: Blobs, content: bytes) -> None:
    digest = blobs.put(content)
    assert digest == "sha256:" + hashlib.sha256(content).hexdigest()
    assert blobs.get(digest) == content


def test_the_same_bytes_may_be_put_again(blobs: Blobs) -> None:
    assert blobs.put(b"evidence") == blobs.put(b"evidence")


def test_many_writers_of_the_same_bytes_agree(blobs: Blobs) -> None:
    content = b"same" * 10_000
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(blobs.put, [content] * 32))
    assert len(digests) == 1
    assert blobs.get(digests.pop()) == content


def test_what_is_removed_is_gone_and_can_be_put_again(blobs: Blobs) -> None:
    digest = blobs.put(b"rows")
    kept = blobs.put(b"other rows")
    blobs.remove(digest)
    with pytest.raises(KeyError, match="no blob"):
        blobs.get(digest)
    with pytest.raises(KeyError, match="gone already"):
        blobs.remove(digest)
    assert blobs.get(kept) == b"other rows"
    assert blobs.put(b"rows") == digest


def test_an_absent_blob_is_a_key_error(blobs: Blobs) -> None:
    with pytest.raises(KeyError, match="no blob sha256:00"):
        blobs.get("sha256:" + "00" * 32)


@pytest.mark.parametrize(
    "digest", ["", "abc", "sha256:XYZ", "sha256:" + "0" * 63, "sha256:" + "A" * 64, "sha256:../../" + "0" * 58]
)
def test_what_is_no_digest_is_refused(blobs: Blobs, digest: str) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        blobs.get(digest)


def test_a_document_is_replaced(blobs: Blobs) -> None:
    blobs.publish("orders/default.json", b"one, and longer")
    blobs.publish("orders/default.json", b"two")
    assert blobs.published("orders/default.json") == b"two"


def test_a_reader_sees_a_whole_document_while_it_is_replaced(blobs: Blobs) -> None:
    versions = [bytes([digit]) * 50_000 for digit in b"0123456789"]
    blobs.publish("orders/default.json", versions[0])
    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(lambda: [blobs.publish("orders/default.json", version) for version in versions])
        seen = {blobs.published("orders/default.json") for _ in range(50)}
        writing.result()
    assert seen <= set(versions)


def test_an_absent_document_is_a_key_error(blobs: Blobs) -> None:
    with pytest.raises(KeyError, match=r"no document 'orders/default\.json'"):
        blobs.published("orders/default.json")


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/", ".hidden", "a b", "a\\b", "a\x00b", "a\n", "é"]
)
def test_names_that_could_lead_elsewhere_are_refused(blobs: Blobs, name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a document"):
        blobs.publish(name, b"x")
    with pytest.raises(ValueError, match="cannot name a document"):
        blobs.published(name)


def test_documents_and_blobs_do_not_meet(blobs: Blobs) -> None:
    digest = blobs.put(b"real")
    text = digest.removeprefix("sha256:")
    blobs.publish(f"sha256/{text[:2]}/{text}", b"forged")
    assert blobs.get(digest) == b"real"
