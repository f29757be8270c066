// What a reading asks of the read models' file, in its order.
import { jest } from '@jest/globals';
import type { SqlValue, Statement } from '#sqlite';
import { Connection } from '../connection.js';
import type { StoredRow } from '../rows.js';

export interface AskedOf {
  sql: string;
  values: SqlValue[];
}

/** The statements of which all rows were asked for while `work` went on. */
export async function askedBy(work: () => Promise<unknown>): Promise<AskedOf[]> {
  const asked: AskedOf[] = [];
  const statement = Reflect.get(Connection.prototype, 'statement');
  const watched = jest.spyOn(Connection.prototype, 'statement').mockImplementation(function (this: Connection, sql) {
    const real = statement.call(this, sql);
    const all = (...values: SqlValue[]) => {
      asked.push({ sql, values });
      return real.all(...values);
    };
    return { all, get: real.get.bind(real), run: real.run.bind(real), iterate: real.iterate.bind(real) } as unknown as Statement<StoredRow>;
  });
  try {
    await work();
  } finally {
    watched.mockRestore();
  }
  return asked;
}
