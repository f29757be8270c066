// The events of a dossier, each read once, and only those that the reader may see.
import type { Records, ShownRecord } from '#audit/contracts';
import { isRefusal, type Reader, type RecordNumber } from '#kernel';

export class Events {
  private readonly read = new Map<number, Promise<ShownRecord | undefined>>();

  constructor(
    private readonly records: Pick<Records, 'one'>,
    private readonly reader: Reader,
  ) {}

  of(record: number): Promise<ShownRecord | undefined> {
    let event = this.read.get(record);
    if (!event) this.read.set(record, (event = this.one(record)));
    return event;
  }

  private async one(record: number): Promise<ShownRecord | undefined> {
    const shown = await this.records.one(record as RecordNumber, this.reader);
    return isRefusal(shown) ? undefined : shown;
  }
}
