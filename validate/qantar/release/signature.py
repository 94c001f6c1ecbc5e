"""Minisign signatures of `SHA256SUMS`: made and checked offline."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

from qantar.errors import KeyFileError
from qantar.release.manifest import SUMS

SIGNATURE = f"{SUMS}.minisig"

KEY_ID = slice(2, 10)
"""Where a signature has the id of its key, after that of the algorithm."""


def sign(sums: bytes, key: Path, name: str, password: Callable[[], str]) -> bytes:
    """The signature of the sums of the release `name` by a secret key; `password` is asked for only if the key has one.

    The comment that minisign signs along names the release, and no moment: the same release has the same signature.
    """
    import minisign  # noqa: PLC0415 -- part of an extra

    try:
        secret = minisign.SecretKey.from_bytes(key.read_bytes())
        if secret.is_encrypted():
            secret.decrypt(password())
        signature = secret.sign(sums, untrusted_comment=f"signature of {name}", trusted_comment=name)
    except OSError as error:
        raise KeyFileError(f"{key}  The key cannot be read: {error.strerror}.") from None
    except minisign.Error as error:
        raise KeyFileError(f"{key}  The key cannot sign: {error}. Expected a secret key of minisign.") from None
    return bytes(signature)


def signer(signature: bytes) -> str | None:
    """The id of the key that made a signature, as minisign writes it; None where it is no signature."""
    import minisign  # noqa: PLC0415 -- part of an extra

    try:
        whole = bytes(minisign.Signature.from_bytes(signature))
    except minisign.Error:
        return None
    return base64.b64decode(whole.splitlines()[1])[KEY_ID][::-1].hex().upper()


def fault_of(signature: bytes, sums: bytes, key: str) -> str | None:
    """Why a signature does not hold for the sums, or None; `key` is a public key of minisign, or a file with one."""
    import minisign  # noqa: PLC0415 -- part of an extra

    try:
        public = minisign.PublicKey.from_file(key) if Path(key).is_file() else minisign.PublicKey.from_base64(key)
    except (OSError, minisign.Error) as error:
        raise KeyFileError(f"{key}  Not a public key of minisign: {error}.") from None
    try:
        public.verify(sums, minisign.Signature.from_bytes(signature))
    except minisign.Error as error:
        return str(error)
    return None
