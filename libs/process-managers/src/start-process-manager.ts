// A process manager starts with an event in `log`: what was recorded before is not its affair.
import { LOG_STREAM, command, derivedId, type StoredEvent, type Uuid } from '#kernel';
import { logDecider, SYSTEM_SUBJECT, type EventStore, type LogState, type Runner } from '#event-store';

interface StartProcessManager {
  name: string;
}

const startProcessManager = command<LogState, StartProcessManager>({
  name: 'start-process-manager',
  on: logDecider,
  roles: ['system'],
  stream: 'existing',
  decide: ({ name }, state) => (state.managers.has(name) ? [] : [{ type: 'process-manager-started', data: { name } }]),
});

/** The start event of each named manager, written where it is missing. @throws where one cannot be recorded now, as on an unsure clock: where all are there nothing is */
export async function startAll(runner: Runner, store: EventStore, names: readonly string[]): Promise<Map<string, StoredEvent>> {
  const started = await readStarted(store);
  const missing = names.filter((name) => !started.has(name));
  for (const name of missing) {
    const commandId = derivedId('process-manager', name);
    const outcome = await runner.submit(startProcessManager, {
      stream: LOG_STREAM,
      input: { name },
      commons: {},
      commandId,
      correlation: commandId,
      actor: { subject: SYSTEM_SUBJECT, role: 'system' },
      bodies: 'all',
    });
    if (outcome.kind === 'refused') throw new Error(`the process manager ${name} could not start: ${outcome.refusal.detail}`);
  }
  return missing.length === 0 ? started : readStarted(store);
}

async function readStarted(store: EventStore): Promise<Map<string, StoredEvent>> {
  const started = new Map<string, StoredEvent>();
  for await (const events of store.readStream(LOG_STREAM)) {
    for (const event of events)
      if (event.type === 'process-manager-started' && !event.lost) started.set((JSON.parse(event.data) as { name: string }).name, event);
  }
  return started;
}

/** The same for the same manager, trigger, command and target, on every node and in every run. */
export const reactionId = (manager: string, trigger: Uuid, commandName: string, target: Uuid): Uuid =>
  derivedId(trigger, `${manager}/${commandName}/${target}`);
