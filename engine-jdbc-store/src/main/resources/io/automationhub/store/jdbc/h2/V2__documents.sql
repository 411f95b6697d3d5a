-- Documents of named collections.
CREATE TABLE ${prefix}document (
  collection VARCHAR(200) NOT NULL,
  tenant VARCHAR(200) NOT NULL,
  id VARCHAR(200) NOT NULL,
  version BIGINT NOT NULL,
  body CHARACTER LARGE OBJECT NOT NULL,
  fields CHARACTER LARGE OBJECT NOT NULL,
  PRIMARY KEY (collection, tenant, id)
);

-- By which documents are found.
CREATE TABLE ${prefix}document_field (
  place CHAR(43) NOT NULL,
  id VARCHAR(200) NOT NULL,
  PRIMARY KEY (place, id)
);

-- Files, in pieces.
CREATE TABLE ${prefix}blob (
  tenant VARCHAR(200) NOT NULL,
  id VARCHAR(100) NOT NULL,
  execution VARCHAR(200),
  size BIGINT NOT NULL,
  sha256 CHAR(64) NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX ${prefix}blob_execution ON ${prefix}blob (tenant, execution);
CREATE TABLE ${prefix}blob_piece (
  tenant VARCHAR(200) NOT NULL,
  id VARCHAR(100) NOT NULL,
  pos INTEGER NOT NULL,
  content VARBINARY(70000) NOT NULL,
  PRIMARY KEY (tenant, id, pos)
);
