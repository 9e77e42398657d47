"""A session for a command that has nobody to ask."""

from __future__ import annotations

from tui.airisk.errors import NoKeyring, SettingsError
from tui.airisk.session import Session
from tui.airisk.settings import Settings, Told
from tui.airisk.vault import CLIENT_SECRET, Secret, Vault, service_name


def vault_of(settings: Settings) -> Vault:
    """The keyring's part for this deployment and client."""
    return Vault(service_name(str(settings.origin), settings.client_id))


async def open_session(told: Told) -> Session:
    """A session with the secret from the settings, else from the keyring.

    Raises:
        SettingsError: a setting is missing or wrong, or there is no secret anywhere.
        VaultError: the keyring may hold the secret, but cannot be read.
    """
    settings = told.settings()
    return Session(settings, told.secret or await _kept_secret(settings))


async def _kept_secret(settings: Settings) -> Secret:
    try:
        secret = await vault_of(settings).get(CLIENT_SECRET)
    except NoKeyring:
        raise SettingsError(
            "CLIENT_SECRET is not set, and there is no keyring that could hold it.",
            advice="Set it in the environment or in .env.",
        ) from None
    if not secret:
        raise SettingsError(
            f"CLIENT_SECRET is not set, and the keyring holds none for {settings.origin.name}.",
            advice="Run `airisk-tui setup`.",
        )
    return secret
