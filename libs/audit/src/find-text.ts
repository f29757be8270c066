// From a JSON pointer into a record, as it is shown, to the sealed value that stands there. It stays findable when it is gone.
import { removalRefusals, type RemovedValue } from '#event-store';
import { isSealedReference, type Refusal, type RecordNumber, type StoredEvent } from '#kernel';
import type { Records } from './records.js';

export interface TextInRecord {
  record: number;
  /** RFC 6901, such as `/data/text/0/text`. */
  pointer: string;
}

/** @param field of the command, for the refusal */
export async function findText(
  records: Pick<Records, 'stored'>,
  { record, pointer }: TextInRecord,
  field: string,
): Promise<RemovedValue | Refusal> {
  const event = await records.stored(record as RecordNumber);
  if (!event)
    return removalRefusals['no-such-record'](`There is no record ${record}.`, {
      fields: [{ field: `${field}.record`, reason: 'does not exist' }],
    });
  const found = event.lost ? undefined : valueAt(pointedInto(event), pointer);
  if (isSealedReference(found)) return { record: record as RecordNumber, hash: found.$sealed };
  return removalRefusals['no-typed-text-there'](
    `Record ${record} has no typed text at ${pointer}; a pointer ends at the text of one language, such as /data/text/0/text.`,
    { fields: [{ field: `${field}.pointer`, reason: 'leads to no typed text' }] },
  );
}

/** As GET /records shows it, with references where that shows texts. */
const pointedInto = ({ data, meta }: StoredEvent): object => ({ ...(JSON.parse(meta) as object), data: JSON.parse(data) as unknown });

function valueAt(value: unknown, pointer: string): unknown {
  if (!pointer.startsWith('/')) return undefined;
  let found = value;
  for (const escaped of pointer.slice(1).split('/')) {
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || isSealedReference(found) || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
