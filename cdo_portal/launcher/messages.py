"""What the launcher says when it cannot go on: one line each, what is wrong and what to do."""

import contextlib
import errno
import os
import sys

PROBLEMS = {
    "port-taken": (
        "端口 {port} 已被占用：请换一个端口，例如 ./portal up --port {other}。",
        "Port {port} is taken: try --port {other}.",
    ),
    "port-refused": (
        "不能在 {host}:{port} 上监听（{reason}）：请检查 --host，1024 以下的端口需要 root。",
        "Cannot listen on {host}:{port}.",
    ),
    "data-not-writable": (
        "数据目录 {path} 不可写（{reason}）：请换一个目录（--data DIR）或修改其权限。",
        "The data directory is not writable: use --data DIR.",
    ),
    "disk-full": (
        "磁盘空间不足：{path} 只剩 {free} MB，至少需要 {needed} MB。请清理磁盘或换一个目录（--data DIR）。",
        "Disk full: free some space or use --data DIR.",
    ),
    "no-venv": (
        "这个 Python 缺少 venv 或 ensurepip：请先运行 apt install python3-venv 再重试。",
        "Run: apt install python3-venv",
    ),
    "venv-failed": (
        "无法建立虚拟环境 {path}：{reason}。详见 {log}。",
        "Could not make the virtual environment.",
    ),
    "pip-failed": (
        "安装依赖失败：{reason}。请检查网络或本机的 pip 镜像设置后重试；"
        "没有网络时把 wheel 文件放进 wheels/。详见 {log}。",
        "pip failed: check the network or the pip mirror, or put wheels into wheels/.",
    ),
    "no-postgres": (
        "找不到 PostgreSQL 程序：请用 PORTAL_PG_BIN 指定含 initdb 的目录（15 至 18 版），"
        "或用 DATABASE_URL 指定现有数据库。",
        "No PostgreSQL binaries: set PORTAL_PG_BIN or DATABASE_URL.",
    ),
    "wrong-pg-bin": (
        "PORTAL_PG_BIN={path} 中没有可用的 initdb、postgres、psql：请指定 PostgreSQL 15 至 18 的 bin 目录。",
        "PORTAL_PG_BIN must be the bin directory of PostgreSQL 15 to 18.",
    ),
    "other-major": (
        "{path} 是 PostgreSQL {data} 的数据，而这里只有 {found} 版程序："
        "请用 PORTAL_PG_BIN 指定 {data} 版的 bin 目录，或换一个目录（--data DIR）。",
        "The data was written by PostgreSQL {data}: set PORTAL_PG_BIN or use --data DIR.",
    ),
    "no-valkey": (
        "找不到 Valkey/Redis 程序：请删除 .venv 后重试，或用 REDIS_URL 指定现有的 Redis。",
        "No Valkey binary: remove .venv and retry, or set REDIS_URL.",
    ),
    "no-unshare": (
        "PostgreSQL 不能以 root 运行，此处又不允许 unshare：请改用普通用户运行，"
        "或把项目和数据目录放到所有用户可进入的位置（如 /opt、/srv）。",
        "Run as an ordinary user, or move the project and --data below /opt or /srv.",
    ),
    "unsafe-socket-dir": (
        "{path} 属于别的用户，不能用作套接字目录：请删除它，或换一个路径较短的数据目录（--data DIR）。",
        "The socket directory belongs to somebody else.",
    ),
    "data-in-use": (
        "数据目录 {path} 正被另一个进程使用（pid {pid}，{what}）：请先停止它，或换一个目录（--data DIR）。",
        "The data directory is in use by process {pid}.",
    ),
    "lost-password": (
        "{path} 中的密码与数据库不符：请恢复原来的 secrets 文件，或换一个目录（--data DIR）。",
        "Restore the secrets file that belongs to this data, or use --data DIR.",
    ),
    "not-ready": (
        "{label}没有启动成功：{reason}。详见 {log}。",
        "{name} did not start; see the log.",
    ),
    "gives-up": (
        "{label}连续 {times} 次启动失败，已停止全部服务：{reason}。详见 {log}。",
        "{name} keeps failing, everything was stopped.",
    ),
    "step-failed": (
        "启动步骤“{step}”失败：{reason}。详见 {log}。",
        "A start-up step failed; see the log.",
    ),
    "no-command": (
        "没有“{command}”这个命令：可用的有 {known}。",
        "Unknown command.",
    ),
    "no-row": (
        "故障测试没有“{row}”：可用的有 {known}。",
        "Unknown row of the fault suite.",
    ),
    "external-demo": (
        "外部数据库上不装载演示数据：请不带 DATABASE_URL 运行 ./portal demo。",
        "The demonstration is for the trial's own database only.",
    ),
}


class Problem(Exception):
    """Something the person at the keyboard can mend. `key` names the sentence, `facts` fill it."""

    def __init__(self, key: str, **facts: object) -> None:
        self.key = key
        chinese, english = PROBLEMS[key]
        text = f"{chinese.format(**facts)} / {english.format(**facts)}"
        super().__init__(" ".join(text.split()))


def from_os_error(error: OSError, path: object) -> Problem:
    """The sentence for an error of the file system at `path`."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Problem("disk-full", path=path, free=0, needed=1)
    return Problem("data-not-writable", path=path, reason=os.strerror(error.errno or errno.EIO))


def say(text: str) -> None:
    """One line for the person at the keyboard, at once even when the output is a pipe.

    Nobody may be listening any more (`| head`, a closed terminal): that stops no service.
    """
    with contextlib.suppress(OSError):
        print(text, flush=True)


def complain(problem: Problem) -> None:
    with contextlib.suppress(OSError):
        print(f"✗ {problem}", file=sys.stderr, flush=True)
