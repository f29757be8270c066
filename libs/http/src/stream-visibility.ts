// Whether a reader may know that the entity of a stream exists: what is hidden is not found, also by who may not write it.
import { parseStreamName, type Category, type Reader, type StreamName } from '#kernel';
import type { ReadModels, TableDefinition } from '#read-models';

export class StreamVisibility {
  /** @param tables where the entity of each kind of stream lies */
  constructor(
    private readonly readModels: ReadModels,
    private readonly tables: Partial<Record<Category, TableDefinition>>,
  ) {}

  isVisible(stream: StreamName, reader: Reader): boolean {
    const { category, id } = parseStreamName(stream);
    const table = this.tables[category];
    if (!table || !id) return true;
    return this.readModels.detail(table, id, { record: this.readModels.last(), isNow: true }, reader) !== undefined;
  }
}
