-- Prefect gets a database of its own: `prefect server database reset` drops every table that it finds.
CREATE DATABASE prefect;
