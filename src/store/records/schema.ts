/**
 * Tables of the records. A resource has one row number for life; each index table is kept twice, by resource (to ask
 * about a candidate) and by value (to find candidates). `parts` keeps the values of composites, by the element they stand in. Parameters and code systems are numbers from a dictionary.
 */
import type { Migration } from '../migrations.ts'

export const recordsMigrations: readonly Migration[] = [
  {
    id: 'records-0001',
    sql: `
      CREATE TABLE resources (
        row INTEGER PRIMARY KEY,
        type TEXT NOT NULL,
        id TEXT NOT NULL,
        version INTEGER NOT NULL,
        updated INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        json TEXT NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX resources_by_id ON resources (type, id);
      CREATE INDEX resources_by_type ON resources (type) WHERE deleted = 0;
      CREATE INDEX resources_by_time ON resources (type, updated) WHERE deleted = 0;

      CREATE TABLE versions (
        row INTEGER NOT NULL REFERENCES resources (row),
        version INTEGER NOT NULL,
        updated INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        json TEXT NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX versions_by_resource ON versions (row, version);

      CREATE TABLE parameters (
        number INTEGER PRIMARY KEY,
        owner TEXT NOT NULL,
        code TEXT NOT NULL,
        UNIQUE (owner, code)
      ) STRICT;
      CREATE TABLE systems (number INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE) STRICT;

      CREATE TABLE tokens (
        row INTEGER NOT NULL,
        parameter INTEGER NOT NULL,
        system INTEGER NOT NULL,
        code TEXT NOT NULL,
        PRIMARY KEY (row, parameter, system, code)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX tokens_by_value ON tokens (parameter, code, system, row);

      CREATE TABLE dates (
        row INTEGER NOT NULL,
        parameter INTEGER NOT NULL,
        low INTEGER NOT NULL,
        high INTEGER NOT NULL,
        PRIMARY KEY (row, parameter, low, high)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX dates_by_value ON dates (parameter, low, high, row);

      CREATE TABLE numbers (
        row INTEGER NOT NULL,
        parameter INTEGER NOT NULL,
        low REAL NOT NULL,
        high REAL NOT NULL,
        system INTEGER NOT NULL,
        code TEXT NOT NULL,
        unit TEXT NOT NULL,
        PRIMARY KEY (row, parameter, low, high, system, code, unit)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX numbers_by_value ON numbers (parameter, low, high, row);

      CREATE TABLE links (
        row INTEGER NOT NULL,
        parameter INTEGER NOT NULL,
        type TEXT NOT NULL,
        id TEXT NOT NULL,
        url TEXT NOT NULL,
        PRIMARY KEY (row, parameter, type, id, url)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX links_by_value ON links (parameter, id, type, url, row);

      CREATE TABLE compartments (
        patient TEXT NOT NULL,
        type TEXT NOT NULL,
        row INTEGER NOT NULL,
        PRIMARY KEY (patient, type, row)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX compartments_by_resource ON compartments (row, patient);
    `,
    only: {
      sqlite: `
        CREATE TABLE strings (
          row INTEGER NOT NULL,
          parameter INTEGER NOT NULL,
          folded TEXT NOT NULL,
          exact TEXT NOT NULL,
          PRIMARY KEY (row, parameter, folded, exact)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX strings_by_value ON strings (parameter, folded, row);
      `,
      // Its indexes hold no long texts; the dialect asks for the part that is indexed, and then for the whole.
      postgres: `
        CREATE TABLE strings (
          row BIGINT NOT NULL,
          parameter BIGINT NOT NULL,
          folded TEXT NOT NULL,
          exact TEXT NOT NULL
        );
        CREATE UNIQUE INDEX strings_once ON strings (row, parameter, md5(folded), md5(exact));
        CREATE INDEX strings_by_value ON strings (parameter, left(folded, 200), row);
      `,
    },
  },
  // The number of no system.
  { id: 'records-0002', sql: "INSERT INTO systems (number, uri) VALUES (0, '')" },
  {
    id: 'records-0003',
    sql: `
      CREATE TABLE parts (
        row INTEGER NOT NULL,
        parameter INTEGER NOT NULL,
        part INTEGER NOT NULL,
        system INTEGER NOT NULL,
        code TEXT NOT NULL,
        unit TEXT NOT NULL,
        low REAL NOT NULL,
        high REAL NOT NULL,
        folded TEXT NOT NULL,
        exact TEXT NOT NULL,
        type TEXT NOT NULL,
        id TEXT NOT NULL,
        url TEXT NOT NULL
      ) STRICT;
      CREATE INDEX parts_by_resource ON parts (row, parameter, part);
      CREATE INDEX parts_by_code ON parts (parameter, code, system, row);

      CREATE TABLE unindexed (row INTEGER PRIMARY KEY) STRICT;
      INSERT INTO unindexed SELECT row FROM resources;
    `,
    only: {
      sqlite: `
        CREATE TABLE texts (
          row INTEGER NOT NULL,
          parameter INTEGER NOT NULL,
          words TEXT NOT NULL,
          PRIMARY KEY (row, parameter, words)
        ) STRICT, WITHOUT ROWID;
      `,
      postgres: `
        CREATE TABLE texts (row BIGINT NOT NULL, parameter BIGINT NOT NULL, words TEXT NOT NULL);
        CREATE UNIQUE INDEX texts_once ON texts (row, parameter, md5(words));
      `,
    },
  },
  {
    id: 'records-0004',
    sql: `
      CREATE INDEX resources_by_change ON resources (updated, row);
      CREATE INDEX versions_by_change ON versions (updated, row, version);
    `,
  },
  { id: 'records-0005', sql: 'CREATE INDEX resources_deleted ON resources (type, row) WHERE deleted = 1' },
  {
    // A type's history has deleted resources, too.
    id: 'records-0006',
    sql: `
      DROP INDEX resources_by_time;
      CREATE INDEX resources_by_time ON resources (type, updated, row);
    `,
  },
]
