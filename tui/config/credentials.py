"""Look up the client secret of a deployment in the OS keyring."""

from __future__ import annotations

from tui.config.keyring import CLIENT_SECRET, Secret, Vault, service_name
from tui.config.settings import Settings
from tui.errors import NoKeyringError, SettingsError


def vault_of(settings: Settings) -> Vault:
    """Return the vault for this deployment and client."""
    return Vault(service_name(str(settings.origin), settings.client_id))


async def stored_secret(settings: Settings) -> Secret | None:
    """Return the client secret in the keyring, or None if there is none; raises as `Vault`."""
    return await vault_of(settings).get(CLIENT_SECRET)


async def require_secret(settings: Settings) -> Secret:
    """Return the client secret in the keyring, for settings that have none.

    Raises:
        SettingsError: there is no secret, or no keyring.
        VaultError: the keyring is locked, does not respond, or refuses.
    """
    try:
        secret = await stored_secret(settings)
    except NoKeyringError as failure:
        raise SettingsError(
            f"No client secret found. {failure.message}", advice="Set CLIENT_SECRET in the environment or in .env."
        ) from None
    if not secret:
        raise SettingsError(
            f"No client secret found for {settings.origin.name} (not in the environment, .env or the keyring).",
            advice="Run `airisk-tui setup`.",
        )
    return secret
