// A process manager completes what spans streams: after an event in one, a command to another.
import type { AnyCommand, RecordNumber, Uuid } from '#kernel';
import type { AnyList, ProjectedEvent, Row, TableDefinition } from '#read-models';

/** The register as it stood right after the trigger, whatever is known since: so that every node and every run reacts alike. */
export interface RegisterThen {
  readonly record: RecordNumber;
  detail(table: TableDefinition, id: Uuid): Row | undefined;
  /** All rows, in the order asked for. */
  list(list: AnyList, where: Readonly<Record<string, string>>, sort?: string): Promise<Row[]>;
}

export interface Reaction {
  command: AnyCommand;
  /** The id in the stream's name. */
  target: Uuid;
  input: object;
}

export interface ProcessManager {
  /** Names its commands' ids and its start: never changed. */
  readonly name: string;
  /** Event types that it reacts to. */
  readonly triggers: readonly string[];
  react(trigger: ProjectedEvent, register: RegisterThen): Promise<Reaction[]> | Reaction[];
}
