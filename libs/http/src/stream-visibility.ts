// Whether a reader may know that the entity of a stream exists: what is hidden is not found, also by who may not write it.
import { isRefusal, parseStreamName, type Category, type Reader, type StreamName } from '#kernel';
import type { AnyList, ReadModels, TableDefinition } from '#read-models';

/** Where what a kind of stream holds lies in the register. */
export interface EntityPlace {
  table: TableDefinition;
  /** Things with ids of their own in the stream: such a list, and its column that holds the stream's id. */
  parts?: { list: AnyList; by: string };
  /** Some belong to no body: whoever writes one must be able to read it. */
  mayBelongToNobody?: true;
}

export class StreamVisibility {
  constructor(
    private readonly readModels: ReadModels,
    private readonly places: Partial<Record<Category, EntityPlace>>,
  ) {}

  /** Whether it is in the register, belongs to no body by which its writers are known, and is kept from this reader. */
  isHidden(stream: StreamName, reader: Reader): boolean {
    const { category, id } = parseStreamName(stream);
    const place = this.places[category];
    if (!place?.mayBelongToNobody || !id) return false;
    const moment = { record: this.readModels.last(), isNow: true };
    return this.readModels.detail(place.table, id, moment, { ...reader, role: 'auditor' }) !== undefined && this.readModels.detail(place.table, id, moment, reader) === undefined;
  }

  async isVisible(stream: StreamName, reader: Reader): Promise<boolean> {
    const { category, id } = parseStreamName(stream);
    const place = this.places[category];
    if (!place || !id) return true;
    const moment = { record: this.readModels.last(), isNow: true };
    if (this.readModels.detail(place.table, id, moment, reader)) return true;
    if (!place.parts) return false;
    const page = await this.readModels.list(place.parts.list, { moment, reader, where: { [place.parts.by]: id }, sort: 'recorded', limit: 1 });
    return !isRefusal(page) && page.rows.length > 0;
  }
}
