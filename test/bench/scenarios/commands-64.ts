// 64 connections record one long meeting, against the same server's POST that stores nothing.
import { join } from 'node:path';
import { drive } from '../http-load.js';
import { openMeeting, Recording, remarks, setUp } from '../recording.js';
import { compare, median, perSecond } from '../rounds.js';
import { check, type Scenario } from '../scenario.js';
import { Served, withServed } from '../served.js';

const CONNECTIONS = 64;

export const commands64: Scenario = {
  names: ['commands-64'],
  run: ({ sizes, scratch }) =>
    withServed(Served.withNoOp(join(scratch, 'commands-64')), async (served) => {
      const secretariat = await setUp(served);
      const recording = new Recording(secretariat, await openMeeting(served, secretariat), CONNECTIONS);
      const noOps = remarks(secretariat, '/bench/no-op');
      const acknowledged: number[] = [];

      const record = async (): Promise<number> => {
        const start = performance.now();
        const { answered, elapsedMs } = await drive({
          address: served.address,
          connections: CONNECTIONS,
          forMs: sizes.roundMs,
          next: (connection) => recording.next(connection),
          onAnswer: (answer, connection) => recording.acknowledged(answer, connection),
        });
        acknowledged.push((answered * 1000) / elapsedMs);
        await served.caughtUp();
        // The round ends when everything is projected: what is put off is not saved.
        return (answered * 1000) / (performance.now() - start);
      };
      const doNothing = async (): Promise<number> => {
        let at = 0;
        const { answered, elapsedMs } = await drive({
          address: served.address,
          connections: CONNECTIONS,
          forMs: sizes.roundMs,
          next: () => noOps[at++ % noOps.length],
          onAnswer: ({ status }) => check(status === 201, `the no-op POST was answered with ${status}`),
        });
        return (answered * 1000) / elapsedMs;
      };

      const { first, second, ratio } = await compare(sizes.rounds, record, doNothing);
      await recording.check(served);
      return [
        {
          name: 'commands-64',
          value: ratio,
          bound: { is: 'at-least', value: 0.5 },
          says: 'Commands over HTTP, 64 connections on one meeting, projected at the end, to the POST that stores nothing',
          figures: [
            ['commands, until projected', perSecond(first)],
            ['commands, until acknowledged', perSecond(median(acknowledged.slice(1)))],
            ['no-op POST', perSecond(second)],
            ['events in the meeting at the end', recording.revisions.length.toLocaleString('en')],
          ],
        },
      ];
    }),
};
