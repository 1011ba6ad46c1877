-- The superuser runs this once, on the primary of docker-compose.ha.yml. It creates the role of the standby.

\set password `cat /run/secrets/replication_password`
CREATE ROLE replication LOGIN REPLICATION PASSWORD :'password';
