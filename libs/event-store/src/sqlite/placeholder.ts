// How a placeholder lies in the table of events: no data and no metadata, and in place of their salts the hashes that are left of them.
import type { StoredEvent } from '#kernel';

/** No event's data: those are an object. */
export const PLACEHOLDER = '';

/** Data, metadata, and the two columns of salts. */
export const columnsOf = ({
  data,
  meta,
  dataSalt,
  metaSalt,
  lost,
}: Pick<StoredEvent, 'data' | 'meta' | 'dataSalt' | 'metaSalt' | 'lost'>): [string, string, string, string] =>
  lost ? [PLACEHOLDER, PLACEHOLDER, lost.data, lost.meta] : [data, meta, dataSalt, metaSalt];
