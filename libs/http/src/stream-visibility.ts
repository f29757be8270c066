// Whether a reader may know that the entity of a stream exists: what is hidden is not found, also by who may not write it.
import { parseStreamName, type Category, type Reader, type StreamName } from '#kernel';
import type { AnyList, ReadModels, Standing, TableDefinition } from '#read-models';

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
    return place?.mayBelongToNobody === true && id !== undefined && this.readModels.standing(place.table, id, reader) === 'hidden';
  }

  isVisible(stream: StreamName, reader: Reader): boolean {
    return this.standing(stream, reader) === 'visible';
  }

  /** As its entity stands; where that is not visible, as what is of its parts. What has no place in the register is kept from nobody. */
  standing(stream: StreamName, reader: Reader): Standing {
    const { category, id } = parseStreamName(stream);
    const place = this.places[category];
    if (!place || !id) return 'visible';
    const whole = this.readModels.standing(place.table, id, reader);
    if (whole === 'visible' || !place.parts) return whole;
    const { list, by } = place.parts;
    const parts = this.readModels.idsUnder(list, by, id);
    if (parts.some((part) => this.readModels.standing(list.table, part, reader) === 'visible')) return 'visible';
    return parts.length > 0 ? 'hidden' : whole;
  }
}
