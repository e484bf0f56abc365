"""Papers of an event: 会议通知, 参会回执, 签到表, 纪要, 证书."""
