-- Documents of named collections.
CREATE TABLE ${prefix}document (
  collection VARCHAR(200) COLLATE "C" NOT NULL,
  tenant VARCHAR(200) COLLATE "C" NOT NULL,
  id VARCHAR(200) COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  body TEXT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (collection, tenant, id)
);

-- By which documents are found.
CREATE TABLE ${prefix}document_field (
  place CHAR(43) COLLATE "C" NOT NULL,
  id VARCHAR(200) COLLATE "C" NOT NULL,
  PRIMARY KEY (place, id)
);

-- Files, in pieces.
CREATE TABLE ${prefix}blob (
  tenant VARCHAR(200) COLLATE "C" NOT NULL,
  id VARCHAR(100) COLLATE "C" NOT NULL,
  execution VARCHAR(200) COLLATE "C",
  size BIGINT NOT NULL,
  sha256 CHAR(64) COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX ${prefix}blob_execution ON ${prefix}blob (tenant, execution) WHERE execution IS NOT NULL;
CREATE TABLE ${prefix}blob_piece (
  tenant VARCHAR(200) COLLATE "C" NOT NULL,
  id VARCHAR(100) COLLATE "C" NOT NULL,
  pos INTEGER NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (tenant, id, pos)
);
