// The register's tables and lists as the app composes them, for questions that range over all contexts.
import type { Schema } from '#read-models';

export class RegisterSchema implements Schema {
  readonly tables: Schema['tables'];
  readonly projections: Schema['projections'];
  readonly fingerprint: string;

  constructor(schema: Schema) {
    ({ tables: this.tables, projections: this.projections, fingerprint: this.fingerprint } = schema);
  }
}
