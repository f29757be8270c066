// A read-only connection to the read models: prepared statements by their text, and snapshots with the state they are of.
import type { RecordNumber } from '#kernel';
import type { Database, Statement } from '#sqlite';
import type { StoredRow } from './rows.js';
import type { CompiledTable, Schema } from './schema.js';

export interface Snapshot {
  /** The last record that is projected. */
  record: RecordNumber;
  /** Changes whenever what is known of containers' audiences may have become wrong. */
  audienceEpoch: number;
}

export class Connection {
  private readonly statements = new Map<string, Statement<StoredRow>>();
  private readonly state: Statement<{ record: RecordNumber; audienceEpoch: number }>;
  private held: Snapshot | undefined;

  constructor(
    readonly database: Database,
    readonly schema: Schema,
  ) {
    this.state = database.prepare('SELECT record, audience_epoch AS audienceEpoch FROM checkpoint');
  }

  table(name: string): CompiledTable {
    const table = this.schema.tables.get(name);
    if (!table) throw new Error(`the table ${name} is not declared`);
    return table;
  }

  statement(sql: string): Statement<StoredRow> {
    let statement = this.statements.get(sql);
    if (!statement) this.statements.set(sql, (statement = this.database.prepareArrays<StoredRow>(sql)));
    return statement;
  }

  /** Everything that `work` reads is of one state of the file. Synchronous, and may be nested. */
  snapshot<Result>(work: (snapshot: Snapshot) => Result): Result {
    if (this.held) return work(this.held);
    this.database.exec('BEGIN');
    try {
      this.held = this.state.get()!;
      return work(this.held);
    } finally {
      this.held = undefined;
      this.database.exec('COMMIT');
    }
  }

  close(): void {
    this.database.close();
  }
}
