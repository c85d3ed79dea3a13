-- One database for each service that has one. Runs once, on an empty volume.
CREATE DATABASE fulfillment OWNER quittance;
CREATE DATABASE receipts OWNER quittance;
