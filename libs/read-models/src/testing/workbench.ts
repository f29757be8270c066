// Read models in a temporary folder, projected by hand: for the tests of contexts and of the engine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoggedEvent } from '#event-store';
import type { Reader } from '#kernel';
import type { Database } from '#sqlite';
import type { IsMember } from '../audiences.js';
import type { EventCatalogue } from '../catalogue.js';
import type { Projection } from '../projection.js';
import { completeReadModels, createReadModels, Projector } from '../projector.js';
import { ReadModels } from '../read-models.js';
import { freshFile, openForBuilding, openLive } from '../read-models-file.js';
import { compile, type Schema } from '../schema.js';
import { idOf, WRITER_KEY } from './history.js';

export const auditor: Reader = { subject: idOf('auditor'), role: 'auditor', bodies: 'all' };

export interface WorkbenchParts {
  projections: readonly Projection[];
  catalogue: EventCatalogue;
  isMember?: IsMember;
  /** Wall time of the reading side. */
  now?: () => number;
  writerKey?: Buffer;
}

/** Close it in `afterEach`. */
export class Workbench {
  readonly schema: Schema;
  readonly directory = mkdtempSync(join(tmpdir(), 'plenary-read-models-'));
  database: Database;
  projector: Projector;
  readonly reading: ReadModels;
  private file: string;

  constructor(private readonly parts: WorkbenchParts) {
    this.schema = compile(parts.projections);
    this.file = freshFile(this.directory);
    this.database = openLive(this.file);
    createReadModels(this.database, this.schema);
    completeReadModels(this.database, this.schema);
    this.projector = this.projectorOf(this.database, false);
    const { isMember = () => false, now = () => Number.MAX_SAFE_INTEGER } = parts;
    this.reading = new ReadModels({ schema: this.schema, file: () => this.file, isMember, clock: { now } });
  }

  /** Projects what is not projected yet, in batches. */
  project(events: readonly LoggedEvent[], batch = 100): this {
    while (this.projector.checkpoint.record < events.length) {
      const { record } = this.projector.checkpoint;
      this.projector.apply(events.slice(record, record + batch));
    }
    return this;
  }

  /** Opens the file again, as after a restart. */
  restart(): this {
    this.database.close();
    this.database = openLive(this.file);
    this.projector = this.projectorOf(this.database, false);
    return this;
  }

  /** Another file, built from the beginning the way a rebuild does it. The caller closes it. */
  rebuilt(events: readonly LoggedEvent[], batch = 100): Database {
    const database = openForBuilding(freshFile(this.directory));
    createReadModels(database, this.schema);
    const projector = this.projectorOf(database, true);
    for (let from = 0; from < events.length; from += batch) projector.apply(events.slice(from, from + batch));
    completeReadModels(database, this.schema);
    return database;
  }

  close(): void {
    this.reading.close();
    this.database.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private projectorOf(database: Database, building: boolean): Projector {
    const { catalogue, writerKey = WRITER_KEY } = this.parts;
    return new Projector(database, { schema: this.schema, catalogue, writerKey }, building);
  }
}
