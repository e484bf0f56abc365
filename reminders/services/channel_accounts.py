"""The portal's own account at a provider, as the system administrator enters it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from core import outbound

from .. import credentials
from ..models import ChannelSetting, ChannelToken
from .gates import require_gate


def facts_of(row: ChannelSetting) -> dict[str, str]:
    """The parts of the account for the record: never the secret."""
    return {part.name: str(row.config.get(part.name, "")) for part in _parts(row)}


def accepted(row: ChannelSetting, given: Mapping[str, Any]) -> dict[str, Any]:
    """What of `config` and `secret` has to be written, {} when the account stays as it is. A blank secret
    stays; where every part is blank the account is taken away, with its secret.

    Raises ValidationError by part (and `secret`) for what is missing or written wrongly, for a place that
    is not approved, and for an account that moves without its secret: nobody leads a secret that
    cannot be seen to an address of one's own.
    """
    if row.channel not in credentials.PARTS:
        if given.get("config") or given.get("secret"):
            raise ValidationError({NON_FIELD_ERRORS: _("这个渠道没有这一项。")})
        return {}
    config = {name: str(value).strip() for name, value in given.get("config", row.config).items()}
    config = {name: value for name, value in config.items() if value}
    secret = str(given.get("secret") or "").strip()
    if not secret and not any(part.name in config for part in _parts(row) if not part.choices):
        return _taken_away(row)
    if config == row.config and not secret:
        return {}
    faults = _faults(row, config) | _faults_of_secret(row, config, secret)
    if not faults:
        faults = _faults_of_place(row, config)
    if faults:
        raise ValidationError(faults)
    return {"config": config} | ({"secret": secret} if secret else {})


def renewed(row: ChannelSetting) -> None:
    """What the old account bought and ran into says nothing about the new one."""
    ChannelToken.objects.filter(channel=row.channel).delete()
    row.failing_since, row.last_error = None, ""


def _parts(row: ChannelSetting) -> tuple[credentials.Part, ...]:
    return credentials.PARTS.get(row.channel, ())


def _taken_away(row: ChannelSetting) -> dict[str, Any]:
    found: dict[str, Any] = {"config": {}} if row.config else {}
    return found | ({"secret": None} if row.secret is not None else {})


def _faults(row: ChannelSetting, config: Mapping[str, str]) -> dict[str, Any]:
    faults: dict[str, Any] = {}
    is_private = credentials.BASE in config
    for part in _parts(row):
        value = config.get(part.name, "")
        if value and not part.fits(value, is_private=is_private):
            faults[part.name] = part.fault or _("“%(label)s”太长") % {"label": part.label}
        elif not value and part.is_required:
            faults[part.name] = _("填写“%(label)s”") % {"label": part.label}
    if set(config) - {part.name for part in _parts(row)}:
        faults[NON_FIELD_ERRORS] = _("这个渠道没有这一项。")
    return faults


def _faults_of_secret(
    row: ChannelSetting, config: Mapping[str, str], secret: str
) -> dict[str, Any]:
    label, _help = credentials.SECRETS[row.channel]
    if secret:
        if credentials.SECRET_WRITTEN.fullmatch(secret):
            return {}
        text = _("“%(label)s”是8至200个字母、数字和符号，没有空格，从应用页面完整复制")
        return {"secret": text % {"label": label}}
    if row.secret is None:
        return {"secret": _("填写“%(label)s”") % {"label": label}}
    names = [part.name for part in _parts(row) if not part.choices]
    if any(config.get(name, "") != row.config.get(name, "") for name in names):
        text = _("换了企业、应用或接口地址，重新填写“%(label)s”") % {"label": label}
        return {"secret": text}
    return {}


def _faults_of_place(row: ChannelSetting, config: Mapping[str, str]) -> dict[str, Any]:
    """The provider has to be approved before anything of it is set, as with a group's address."""
    base = config.get(credentials.BASE) or credentials.STANDARD_BASES[row.channel]
    try:
        target = outbound.read(base)
    except outbound.OutboundError as error:
        return {credentials.BASE: str(error)}
    if "?" in base:
        return {
            credentials.BASE: _("“%(label)s”里不带问号和参数") % {"label": credentials.BASE_LABEL}
        }
    try:
        require_gate(target)
    except ValidationError as error:
        return {credentials.BASE: error.messages}
    return {}
