// What is whose in the database.

export interface Names {
  /** Before the names of the record's streams: nothing outside it is numbered, and it is in no hash. */
  record: string;
  /** Before the names of bookkeeping. */
  note: string;
}

/** @param namespace another one is for tests alone, which share a database: the record's is fixed */
export const namesIn = (namespace = 'plenary'): Names => ({ record: `${namespace}:`, note: `${namespace}-note:` });
