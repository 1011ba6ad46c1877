-- The superuser runs this once, on a new volume of docker-compose.prod.yml. It creates the service's role, which owns
-- only the database `inventory`.

\set password `cat /run/secrets/database_password`
CREATE ROLE carrier LOGIN PASSWORD :'password';
CREATE DATABASE inventory OWNER carrier;
REVOKE ALL ON DATABASE inventory, postgres, template1 FROM PUBLIC;
-- The superuser cannot sign in over the network; in the container, the user postgres needs no password.
ALTER ROLE postgres PASSWORD NULL;
