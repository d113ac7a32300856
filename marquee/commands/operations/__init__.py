"""Commands for those who run a site: backups, the database, jobs and the doctor."""
