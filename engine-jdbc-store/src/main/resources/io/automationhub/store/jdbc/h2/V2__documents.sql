-- Documents of named collections.
CREATE TABLE ${prefix}document (
  collection VARCHAR(200) NOT NULL,
  tenant VARCHAR(200) NOT NULL,
  id VARCHAR(200) NOT NULL,
  version BIGINT NOT NULL,
  body CHARACTER LARGE OBJECT NOT NULL,
  fields CHARACTER LARGE OBJECT NOT NULL,
  due BIGINT,
  PRIMARY KEY (collection, tenant, id)
);
CREATE INDEX ${prefix}document_due ON ${prefix}document (collection, due);

-- By which documents are found.
CREATE TABLE ${prefix}document_field (
  place CHAR(43) NOT NULL,
  id VARCHAR(200) NOT NULL,
  PRIMARY KEY (place, id)
);

-- Files, in pieces. They are known by digests of their tenant and their id, and of their tenant and their run.
CREATE TABLE ${prefix}blob (
  digest CHAR(43) PRIMARY KEY,
  owner CHAR(43),
  size BIGINT NOT NULL,
  sha256 CHAR(64) NOT NULL
);
CREATE INDEX ${prefix}blob_owner ON ${prefix}blob (owner);
CREATE TABLE ${prefix}blob_piece (
  digest CHAR(43) NOT NULL,
  pos INTEGER NOT NULL,
  content VARBINARY(70000) NOT NULL,
  PRIMARY KEY (digest, pos)
);
