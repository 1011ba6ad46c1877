-- Run once, by the superuser, on the primary of docker-compose.ha.yml: the role with which a standby follows it.

\set password `cat /run/secrets/replication_password`
CREATE ROLE replication LOGIN REPLICATION PASSWORD :'password';
