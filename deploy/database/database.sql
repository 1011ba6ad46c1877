-- Run once, by the superuser, where docker-compose.prod.yml starts with a new volume: the service's role,
-- which owns the database `inventory` and nothing more.

\set password `cat /run/secrets/database_password`
CREATE ROLE carrier LOGIN PASSWORD :'password';
CREATE DATABASE inventory OWNER carrier;
REVOKE ALL ON DATABASE inventory, postgres, template1 FROM PUBLIC;
-- Over the network nobody is the superuser; in the container the user postgres is, without a password.
ALTER ROLE postgres PASSWORD NULL;
