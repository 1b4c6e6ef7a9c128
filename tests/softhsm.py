"""A PKCS#11 token in software (SoftHSM), for tests of keys that are held in devices; one for the whole process."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

MODULE = next((str(path) for path in Path("/usr/lib").glob("**/softhsm/libsofthsm2.so") if path.is_file()), "")
PIN = "1234"

softhsm = pytest.mark.skipif(
    not MODULE or shutil.which("softhsm2-util") is None, reason="SoftHSM is not here: apt-get install softhsm2"
)


@cache
def made_token() -> str:
    """Make a token with a P-256 key (id 2) and a P-384 key (id 3); return the URI of the first.

    The module reads its configuration once a process, so that there is one token for all tests in it.
    """
    import pkcs11
    from pkcs11.util.ec import encode_named_curve_parameters

    folder = Path(tempfile.mkdtemp(prefix="softhsm-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    words = ["--init-token", "--free", "--label", "muster test", "--pin", PIN, "--so-pin", "4321"]
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)
    found = pkcs11.lib(MODULE).get_token(token_label="muster test")
    with found.open(rw=True, user_pin=PIN) as session:
        for number, curve in ((2, "secp256r1"), (3, "secp384r1")):
            parameters = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}
            domain = session.create_domain_parameters(pkcs11.KeyType.EC, parameters, local=True)
            domain.generate_keypair(store=True, id=bytes([number]), label=f"key {number}")
    return f"hsm:2?label=muster+test&module={MODULE}"
