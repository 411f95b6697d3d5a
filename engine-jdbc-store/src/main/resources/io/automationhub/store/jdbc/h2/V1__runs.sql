-- A process that works with the store. Its number is never used again.
CREATE TABLE ${prefix}process (
  num BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name VARCHAR(200) NOT NULL,
  joined BIGINT NOT NULL
);

-- What a process changes first in every transaction. When others have found that it died, it changes nothing any more.
-- A batch of turns is written if its number is larger than that of the last, so that none is written twice.
CREATE TABLE ${prefix}fence (
  process BIGINT NOT NULL,
  writer SMALLINT NOT NULL,
  beat BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  alive SMALLINT NOT NULL,
  PRIMARY KEY (process, writer)
);

-- What runs run, each body once.
CREATE TABLE ${prefix}definition (
  num BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest CHAR(43) NOT NULL UNIQUE,
  tenant VARCHAR(200) NOT NULL,
  workflow VARCHAR(200) NOT NULL,
  hash VARCHAR(100) NOT NULL,
  body CHARACTER LARGE OBJECT NOT NULL
);
CREATE INDEX ${prefix}definition_version ON ${prefix}definition (tenant, workflow, hash);

-- A run. No payloads here: this row changes.
CREATE TABLE ${prefix}run (
  num BIGINT PRIMARY KEY,
  tenant VARCHAR(200) NOT NULL,
  id VARCHAR(200) NOT NULL,
  workflow VARCHAR(200) NOT NULL,
  definition BIGINT NOT NULL,
  start_digest CHAR(43),
  status SMALLINT NOT NULL,
  prio INTEGER NOT NULL,
  due BIGINT,
  owner BIGINT,
  inbox INTEGER NOT NULL,
  crashes SMALLINT NOT NULL,
  started BIGINT NOT NULL,
  ended BIGINT,
  problem CHARACTER LARGE OBJECT,
  UNIQUE (tenant, id)
);
CREATE UNIQUE INDEX ${prefix}run_start ON ${prefix}run (start_digest);
CREATE INDEX ${prefix}run_due ON ${prefix}run (prio, due);
CREATE INDEX ${prefix}run_owner ON ${prefix}run (owner);
CREATE INDEX ${prefix}run_definition ON ${prefix}run (definition, started, id);
CREATE INDEX ${prefix}run_status ON ${prefix}run (tenant, status, started, id);
CREATE INDEX ${prefix}run_ended ON ${prefix}run (status, ended);

-- What runs are found by.
CREATE TABLE ${prefix}run_tag (
  tenant VARCHAR(200) NOT NULL,
  tag VARCHAR(200) NOT NULL,
  started BIGINT NOT NULL,
  run BIGINT NOT NULL,
  PRIMARY KEY (tenant, tag, started, run)
);
CREATE INDEX ${prefix}run_tag_run ON ${prefix}run_tag (run);

-- Which priorities runs have, so that each is asked for in turn.
CREATE TABLE ${prefix}priority (
  prio INTEGER PRIMARY KEY
);

-- What happened in runs: a row for each turn.
CREATE TABLE ${prefix}journal (
  run BIGINT NOT NULL,
  pos INTEGER NOT NULL,
  body CHARACTER LARGE OBJECT NOT NULL,
  PRIMARY KEY (run, pos)
);

-- Values of runs that are too large for the journal, each once.
CREATE TABLE ${prefix}large_value (
  run BIGINT NOT NULL,
  digest CHAR(43) NOT NULL,
  body CHARACTER LARGE OBJECT NOT NULL,
  PRIMARY KEY (run, digest)
);

-- What came for runs and was not heard.
CREATE TABLE ${prefix}inbox (
  num BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run BIGINT NOT NULL,
  digest CHAR(43) NOT NULL,
  id VARCHAR(300) NOT NULL,
  body CHARACTER LARGE OBJECT NOT NULL,
  UNIQUE (run, digest)
);

-- Nodes that wait for a signal with a key, or for an answer of people.
CREATE TABLE ${prefix}open_wait (
  run BIGINT NOT NULL,
  digest CHAR(43) NOT NULL,
  place CHAR(43),
  tenant VARCHAR(200) NOT NULL,
  since BIGINT NOT NULL,
  request SMALLINT NOT NULL,
  body CHARACTER LARGE OBJECT NOT NULL,
  PRIMARY KEY (run, digest)
);
CREATE INDEX ${prefix}open_wait_place ON ${prefix}open_wait (place, since);
CREATE INDEX ${prefix}open_wait_request ON ${prefix}open_wait (tenant, since);

-- Signals with a key: kept for a wait, or remembered so that none counts twice.
CREATE TABLE ${prefix}key_signal (
  digest CHAR(43) PRIMARY KEY,
  place CHAR(43) NOT NULL,
  sent BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  taken SMALLINT NOT NULL,
  body CHARACTER LARGE OBJECT NOT NULL
);
CREATE INDEX ${prefix}key_signal_place ON ${prefix}key_signal (place, sent);
CREATE INDEX ${prefix}key_signal_expires ON ${prefix}key_signal (expires);

-- Who locks the row of a tenant decides who gets what is free under its limits.
CREATE TABLE ${prefix}limit_line (
  tenant VARCHAR(200) PRIMARY KEY
);

-- Places under limits: runs of a workflow that has one (no process), and attempts of a process under named limits.
CREATE TABLE ${prefix}limit_claim (
  claimant BIGINT NOT NULL,
  place CHAR(43) NOT NULL,
  tenant VARCHAR(200) NOT NULL,
  process BIGINT,
  prio INTEGER NOT NULL,
  since BIGINT NOT NULL,
  most INTEGER NOT NULL,
  -- Of a rate: for how long the beginning of an attempt counts, and until when it does once it has begun.
  per_micros BIGINT DEFAULT 0 NOT NULL,
  counts_until BIGINT,
  granted SMALLINT NOT NULL,
  PRIMARY KEY (claimant, place)
);
CREATE INDEX ${prefix}limit_claim_line ON ${prefix}limit_claim (place, granted, prio, since, claimant);
CREATE INDEX ${prefix}limit_claim_process ON ${prefix}limit_claim (process);
CREATE INDEX ${prefix}limit_claim_until ON ${prefix}limit_claim (counts_until);
