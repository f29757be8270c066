// A day of a node's access log is over: the record keeps how many entries it had and their hash.
import { LOG_STREAM, command, derivedId, type Uuid } from '#kernel';
import { accessDayKey, logDecider, SYSTEM_SUBJECT, type LogState, type Runner } from '#event-store';
import type { AccessLog, SealedDay } from './access-log.js';

interface CloseAccessDay extends SealedDay {
  node: Uuid;
}

export const closeAccessDay = command<LogState, CloseAccessDay>({
  name: 'close-access-day',
  on: logDecider,
  roles: ['system'],
  stream: 'existing',
  decide: ({ node, day, entries, hash }, state) =>
    state.accessDays.has(accessDayKey({ node, day })) ? [] : [{ type: 'access-day-closed', data: { node, day, entries, hash } }],
});

/** Seals the days that are over, and records each. @throws where one cannot be recorded now: it is tried again */
export async function closeDays(log: AccessLog, runner: Runner): Promise<void> {
  await log.sealDays();
  for (const day of log.unrecordedDays()) {
    const { node } = log;
    const commandId = derivedId(node, `access-day/${day}`);
    const outcome = await runner.submit(closeAccessDay, {
      stream: LOG_STREAM,
      input: { node, ...log.sealed(day)! },
      commons: {},
      commandId,
      correlation: commandId,
      actor: { subject: SYSTEM_SUBJECT, role: 'system' },
      bodies: 'all',
    });
    if (outcome.kind === 'refused') throw new Error(`the access log of ${day} is not recorded: ${outcome.refusal.detail}`);
    log.markRecorded(day);
  }
}
