"""All that has to be done before the web server starts, in one process to save seconds."""

import time

from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    """Each step may be repeated. Step names go to stdout, for the launcher to show; the rest to stderr."""

    help = "检查服务器、迁移数据库、装载有变化的方案；首次启动时建立试用账号和演示数据。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--accounts", action="store_true", help="建立试用账号")
        parser.add_argument("--demo", action="store_true", help="装载演示数据")
        parser.add_argument("--external", action="store_true", help="不是试用系统自己的数据库")

    def handle(self, *, accounts, demo, external, **options):
        # What it warns of is for the screen; a fault ends the start.
        self.step("检查服务器", "check_servers", stderr=self.stdout)
        self.step("更新数据库结构", "migrate", database="owner", verbosity=0)
        self.step("授予数据库权限", "grant_rights")
        self.step("登记工作日历", "seed_calendar")
        self.step("装载方案", "load_packs")
        if accounts:
            self.step("建立试用账号", "create_trial_accounts")
        if demo:
            self.step("装载演示数据", "load_demo")
        if external:
            self.step("整理静态文件", "collectstatic", interactive=False, verbosity=0)

    def step(self, label: str, command: str, **options) -> None:
        began = time.monotonic()
        self.stdout.write(label)
        call_command(command, **{"stdout": self.stderr, "stderr": self.stderr, **options})
        self.stderr.write(f"{label}: {time.monotonic() - began:.2f} s")
