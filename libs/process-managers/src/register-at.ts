// The register as it stood at a record, as the record itself reads it.
import { SYSTEM_SUBJECT } from '#event-store';
import { isRefusal, type Reader, type RecordNumber } from '#kernel';
import type { ReadModels, Row } from '#read-models';
import type { RegisterThen } from './process-manager.js';

const PAGE = 500;

/** Asks on behalf of the record itself, which knows everything. */
export const itself: Reader = { subject: SYSTEM_SUBJECT, role: 'auditor', bodies: 'all' };

export function registerAt(readModels: ReadModels, record: RecordNumber): RegisterThen {
  const moment = { record, isNow: false };
  return {
    record,
    detail: (table, id) => readModels.detail(table, id, moment, itself),
    async list(list, where, sort = 'recorded') {
      const rows: Row[] = [];
      let cursor: string | undefined;
      do {
        const page = await readModels.list(list, {
          moment,
          reader: itself,
          where,
          sort,
          limit: PAGE,
          ...(cursor !== undefined && { cursor }),
        });
        if (isRefusal(page)) throw new Error(page.detail);
        rows.push(...(page.rows as Row[]));
        cursor = page.next;
      } while (cursor !== undefined);
      return rows;
    },
  };
}
