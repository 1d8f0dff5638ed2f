"""What happened to a notice; ids only."""

TOLD = "notices.NoticeTold"
REPEATED = "notices.NoticeRepeated"
READ = "notices.NoticeRead"
ACKNOWLEDGED = "notices.NoticeAcknowledged"
