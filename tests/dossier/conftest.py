"""A local time-stamping authority for every test of this part."""

import shutil
import subprocess
from pathlib import Path

import pytest

AUTHORITY = """
[req]
distinguished_name = dn
prompt = no
x509_extensions = ca
[dn]
CN = Autorite d'essai
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[tsa_ext]
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = one
[one]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a root (`root.pem`), a time-stamping key and the settings of `openssl ts`."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine")
    folder = tmp_path_factory.mktemp("autorite")
    (folder / "settings").write_text(AUTHORITY)
    (folder / "serial").write_text("01\n")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl(
        folder, "req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-days", "30", "-config", "settings"
    )
    openssl(folder, "req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Horodatage d'essai")
    sign = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "30", "-extfile", "settings")
    openssl(folder, "x509", "-req", "-in", "tsa.csr", *sign, "-extensions", "tsa_ext", "-out", "tsa.pem")
    return folder
