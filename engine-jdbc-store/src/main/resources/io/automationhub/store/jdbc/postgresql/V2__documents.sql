-- Documents of named collections.
CREATE TABLE ${prefix}document (
  collection VARCHAR(200) COLLATE "C" NOT NULL,
  tenant VARCHAR(200) COLLATE "C" NOT NULL,
  id VARCHAR(200) COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  body TEXT NOT NULL,
  fields TEXT NOT NULL,
  due BIGINT,
  PRIMARY KEY (collection, tenant, id)
);
CREATE INDEX ${prefix}document_due ON ${prefix}document (collection, due) WHERE due IS NOT NULL;

-- By which documents are found.
CREATE TABLE ${prefix}document_field (
  place CHAR(43) COLLATE "C" NOT NULL,
  id VARCHAR(200) COLLATE "C" NOT NULL,
  PRIMARY KEY (place, id)
);

-- Files, in pieces. They are known by digests of their tenant and their id, and of their tenant and their run.
CREATE TABLE ${prefix}blob (
  digest CHAR(43) COLLATE "C" PRIMARY KEY,
  owner CHAR(43) COLLATE "C",
  size BIGINT NOT NULL,
  sha256 CHAR(64) COLLATE "C" NOT NULL
);
CREATE INDEX ${prefix}blob_owner ON ${prefix}blob (owner) WHERE owner IS NOT NULL;
CREATE TABLE ${prefix}blob_piece (
  digest CHAR(43) COLLATE "C" NOT NULL,
  pos INTEGER NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (digest, pos)
);
