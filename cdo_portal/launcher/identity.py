"""As whom a server runs. PostgreSQL refuses uid 0, so root needs another identity for it."""

import ctypes
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from .messages import Problem

CLONE_NEWUSER = 0x10000000
libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Identity:
    """The present user. `uid` and `gid` own the server's files as seen from outside."""

    uid: int
    gid: int

    def become(self) -> None:
        """Take the identity on; called in the child between fork and exec."""

    def own(self, path: Path) -> None:
        """Give `path` and what is below to this identity; only root ever has to."""
        if os.geteuid() != 0 or path.stat().st_uid == self.uid:
            return
        for below in (path, *path.rglob("*")):
            os.chown(below, self.uid, self.gid, follow_symlinks=False)


@dataclass(frozen=True)
class Nobody(Identity):
    """The unprivileged user of every Unix; needs paths that every user may enter."""

    def become(self) -> None:
        os.setgroups([])
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)


@dataclass(frozen=True)
class Namespace(Identity):
    """Root outside, an ordinary user inside a user namespace: works below a home of mode 700."""

    inner_uid: int
    inner_gid: int

    def become(self) -> None:
        if libc.unshare(CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{self.inner_uid} {self.uid} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{self.inner_gid} {self.gid} 1", encoding="ascii")


def present_user() -> Identity:
    return Identity(os.geteuid(), os.getegid())


def for_postgres(*paths: Path) -> Identity:
    """Who runs PostgreSQL when it must reach all of `paths` (program and data).

    Raises Problem("no-unshare") for root where neither way is open, as in some containers.
    """
    if os.geteuid() != 0:
        return present_user()
    if all(anyone_may_enter(path) for path in paths):
        nobody = pwd.getpwnam("nobody")
        return Nobody(nobody.pw_uid, nobody.pw_gid)
    # The inner user must exist in passwd, for PostgreSQL asks for its name.
    daemon = pwd.getpwnam("daemon")
    identity = Namespace(0, 0, inner_uid=daemon.pw_uid, inner_gid=daemon.pw_gid)
    if not can_become(identity):
        raise Problem("no-unshare")
    return identity


def anyone_may_enter(path: Path) -> bool:
    """Whether every user may pass through each existing folder down to `path`."""
    path = path.resolve()
    existing = [folder for folder in (path, *path.parents) if folder.is_dir()]
    return all(folder.stat().st_mode & 0o001 for folder in existing)


def can_become(identity: Identity) -> bool:
    """Try it in a child: some containers and kernels forbid user namespaces."""
    child = os.fork()
    if child == 0:
        try:
            identity.become()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
