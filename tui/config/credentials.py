"""Look up the client secret of a deployment: from the command that prints it, or in the OS keyring."""

from __future__ import annotations

import shlex

from tui.config.deployments import options_for, secret_places
from tui.config.keyring import CLIENT_SECRET, Secret, Vault, service_name
from tui.config.secret_command import run_secret_command
from tui.config.settings import KEYRING, SECRET_COMMAND, RawSettings, Settings
from tui.errors import NoKeyringError, SettingsError


def vault_of(settings: Settings) -> Vault:
    """Return the vault for this deployment and client."""
    return Vault(service_name(str(settings.origin), settings.client_id))


async def stored_secret(settings: Settings) -> Secret | None:
    """Return the client secret in the keyring, or None if there is none; raises as `Vault`."""
    return await vault_of(settings).get(CLIENT_SECRET)


async def find_secret(settings: Settings, *, has_keyring: bool = True) -> tuple[Secret, str] | None:
    """Return the client secret that the command prints, else the one in the keyring, with its source; None without.

    Raises:
        SettingsError: the command failed.
        VaultError: the keyring is missing, is locked, does not respond, or refuses.
    """
    if settings.secret_command:
        return await run_secret_command(settings.secret_command), SECRET_COMMAND
    secret = await stored_secret(settings) if has_keyring else None
    return (secret, KEYRING) if secret else None


async def require_secret(raw: RawSettings) -> tuple[Secret, str]:
    """Return the client secret for settings that have none, and its source.

    Raises:
        SettingsError: there is no secret, the command failed, or there is no keyring.
        VaultError: the keyring is locked, does not respond, or refuses.
    """
    settings = raw.settings()
    try:
        found = await find_secret(settings)
    except NoKeyringError as failure:
        raise SettingsError(f"No client secret found. {failure.message}", advice=how_to_set_secret(raw)) from None
    if not found:
        places = ", ".join(secret_places(raw))
        raise SettingsError(
            f"No client secret found for {settings.origin.name} (not in {places} or the keyring).",
            advice=f"Run `{shlex.join(('airisk-tui', 'setup', *options_for(raw)))}`.",
        )
    return found


def how_to_set_secret(raw: RawSettings) -> str:
    """Return how to give the client secret without a keyring."""
    return f"Set CLIENT_SECRET in {' or in '.join(secret_places(raw))}."
