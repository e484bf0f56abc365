"""What an installation must not forget; shown by every start and by `./portal check`."""

from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's own name


@register(Tags.security, deploy=True)
def public_address_is_https(**_options: Any) -> list[CheckMessage]:
    """On plain http passwords and sessions travel in the open."""
    if settings.IS_HTTPS:
        return []
    return [
        Warning(
            f"PORTAL_URL（{settings.PORTAL_URL}）是http，密码和会话会明文传输。",
            hint="让反向代理提供TLS，并把PORTAL_URL改成https://开头。",
            id="portal.W001",
        )
    ]


@register(Tags.security)
def field_keys_are_usable(**_options: Any) -> list[CheckMessage]:
    """Encrypted fields need at least one Fernet key; the first one writes, the others still read."""
    try:
        for key in settings.FIELD_KEYS:
            Fernet(key)
    except ValueError:
        return [Error("FIELD_KEYS里有不能用的密钥。", hint=FIELD_KEY_HINT, id="portal.E002")]
    if settings.FIELD_KEYS or settings.TRIAL:
        return []
    return [Error("没有设置FIELD_KEYS。", hint=FIELD_KEY_HINT, id="portal.E002")]


@register(Tags.database)
def application_is_not_the_owner(**_options: Any) -> list[CheckMessage]:
    """With one role for both, only the trigger protects the audit record, not the grants."""
    owner = settings.DATABASES.get("owner", {}).get("USER")
    if owner is None or owner != settings.DATABASES["default"]["USER"]:
        return []
    return [
        Warning(
            "DATABASE_URL和DATABASE_OWNER_URL是同一个数据库角色，审计表只有触发器保护。",
            hint="给应用单独建一个角色，表的所有者只用于迁移。",
            id="portal.W003",
        )
    ]


@register(Tags.security, deploy=True)
def mails_leave_the_house(**_options: Any) -> list[CheckMessage]:
    """Without EMAIL_URL the messages become files, and 发送记录 would call them sent."""
    if settings.TRIAL or not settings.EMAIL_FILE_PATH:
        return []
    return [
        Warning(
            "没有设置EMAIL_URL，提醒邮件只写成文件，不会发出。",
            hint="把EMAIL_URL设为smtp://或smtps://开头的邮件服务器地址。",
            id="portal.W004",
        )
    ]


FIELD_KEY_HINT = (
    "用python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'生成，"
    "放进FIELD_KEYS或FIELD_KEYS_FILE。"
)
