// Read models in a temporary folder, projected by hand: for the tests of contexts and of the engine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoggedEvent } from '#event-store';
import type { Reader } from '#kernel';
import { openDatabase, type Database } from '#sqlite';
import type { IsMember } from '../audiences.js';
import type { EventCatalogue } from '../catalogue.js';
import type { Projection } from '../projection.js';
import { completeReadModels, createReadModels } from '../made-file.js';
import { Projector } from '../projector.js';
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
  /** Of the read models that are projected. */
  readonly file: string;

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
    applyAll(this.projector, events, batch);
    return this;
  }

  /** Another connection to the file. The caller closes it. */
  openReader(): Database {
    return openDatabase(this.file, { mode: 'read-only' });
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
    applyAll(projector, events, batch);
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

/** In batches that end before a removal, which gets what it asks for, from the same history. */
function applyAll(projector: Projector, events: readonly LoggedEvent[], batch: number): void {
  while (projector.checkpoint.record < events.length) {
    const { record } = projector.checkpoint;
    const isRemoval = (event: LoggedEvent): boolean => event.type === 'value-removed';
    const next = events.slice(record, record + batch);
    const removal = next.findIndex(isRemoval);
    if (removal === 0)
      projector.apply(
        [next[0]!],
        projector.placesFor(next[0]!).map((place) => events[place.record - 1]!),
      );
    else projector.apply(removal < 0 ? next : next.slice(0, removal));
  }
}
