import { faultOf } from '#sqlite';

/** The file does not hold a record that it must hold: somebody took it out, or the disk did. */
export class LogDamaged extends Error {
  /**
   * @param record the first record number that is missing; 0 where an event's stream is
   * @param next the number of the one that follows it there
   */
  constructor(
    readonly record: number,
    readonly next = record + 1,
  ) {
    super(
      record === 0
        ? 'the log is damaged: an event lies in a stream that does not exist'
        : `the log is damaged: record ${record} is missing`,
    );
  }
}

/** What the store cannot give however often it is asked, beside what it can. */
export const isDamage = (error: unknown): error is Error => error instanceof LogDamaged || ['damaged', 'io'].includes(faultOf(error) ?? '');
