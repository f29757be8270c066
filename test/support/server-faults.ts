// What is done to servers in fault tests, and how their histories are judged afterwards.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { findForgery, readKeys, SqliteEventStore, type LoggedEvent } from '#event-store';
import type { Directories } from './append-events.js';
import { Server, text } from './server.js';

export interface Table {
  token: string;
  meeting: string;
  person: string;
}

/** An open meeting, and who records it. */
export async function openTable(server: Server): Promise<Table> {
  const token = await server.token('secretariat');
  const body = await server.make('/bodies', server.admin, { kind: 'conference', name: text('Conference'), audience: { kind: 'public' } });
  const person = await server.make('/persons', token, { name: text('Speaker') });
  const meeting = await server.make('/meetings', token, {
    bodies: [body],
    title: text('Meeting'),
    starts: '2024-04-29',
    zone: 'UTC',
    format: 'remote',
  });
  await server.post(`/meetings/${meeting}/opening`, token, { occurredAt: '2024-04-29' });
  return { token, meeting, person };
}

export const remarkOf = ({ person }: Table, words: string): object => ({ speaker: { person }, text: text(words) });

/** Keeps its connections for as long as the server does. */
const patient = new Agent({ keepAlive: true });

/** A POST of which the server has the head, and waits for the body. */
export async function beginPost(
  server: Server,
  path: string,
  token: string,
  body: object,
): Promise<{ finish(): Promise<{ status: number; body: { id: string } }> }> {
  const bytes = JSON.stringify(body);
  const sent = request(`${server.address}/api/v1${path}`, {
    method: 'POST',
    agent: patient,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(bytes),
      expect: '100-continue',
    },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => sent.once('response', resolve).once('error', reject));
  sent.flushHeaders();
  await new Promise((resolve, reject) => sent.once('continue', resolve).once('error', reject));
  return {
    async finish() {
      sent.end(bytes);
      const answer = await answered;
      let received = '';
      for await (const chunk of answer) received += String(chunk);
      return { status: answer.statusCode!, body: JSON.parse(received) as { id: string } };
    },
  };
}

/** Resolves once nobody listens there any more. */
export async function untilRefused(address: string): Promise<void> {
  const { hostname, port } = new URL(address);
  const isOpen = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.destroy();
        resolve(true);
      }).once('error', () => resolve(false));
    });
  while (await isOpen());
}

/** Why the log of a server that does not run is not what it should be; and its events. */
export async function readHistory({ data, keys }: Directories): Promise<{ wrong: string[]; events: LoggedEvent[] }> {
  const { writer } = readKeys(keys);
  const store = await SqliteEventStore.open({ directory: data, mode: 'reader' });
  const wrong: string[] = [];
  const events: LoggedEvent[] = [];
  const ids = new Set<string>();
  const revisions = new Map<string, number>();
  for await (const batch of store.readLog()) {
    for (const event of batch) {
      events.push(event);
      if (ids.has(event.id)) wrong.push(`${event.id} is stored twice`);
      ids.add(event.id);
      const revision = (revisions.get(event.stream) ?? -1) + 1;
      if (event.revision !== revision) wrong.push(`${event.stream} jumps to ${event.revision}, not ${revision}`);
      revisions.set(event.stream, event.revision);
      if (store.recordNumberOf(event.position) !== events.length) wrong.push(`${event.position} is the ${events.length}th record`);
      const forged = findForgery(writer!, event);
      if (forged) wrong.push(`the ${forged} of ${event.id} does not fit`);
    }
  }
  await store.close();
  return { wrong, events };
}

const WRITERS = 8;

/** What clients sent and were answered: each command under a key of its own, sent again until it is answered. */
class Clients {
  /** Ids of events that were acknowledged, by the number of the command. */
  readonly acknowledged = new Map<number, string>();
  private readonly unanswered: (number | undefined)[] = Array.from({ length: WRITERS }, () => undefined);
  private count = 0;

  /** All write until the server is gone; it is killed after so many answers. */
  async writeUntilKilled(server: Server, table: Table, answers: number): Promise<void> {
    const enough = this.acknowledged.size + answers;
    await Promise.all(
      this.unanswered.map(async (_, writer) => {
        for (;;) {
          try {
            await this.writeOne(server, table, writer);
          } catch (error) {
            // The connection broke off: what was sent is stored, or not. An answer that is a refusal fails the test.
            if (/^(fetch failed|terminated)$/.test((error as Error).message)) return;
            throw error;
          }
          if (this.acknowledged.size >= enough) server.signal('SIGKILL');
        }
      }),
    );
  }

  /** What is unanswered is sent again. */
  async settle(server: Server, table: Table): Promise<void> {
    for (const [writer, number] of this.unanswered.entries()) if (number !== undefined) await this.writeOne(server, table, writer);
  }

  private async writeOne(server: Server, table: Table, writer: number): Promise<void> {
    const number = (this.unanswered[writer] ??= this.count += 1);
    const { events } = await server.post(
      `/meetings/${table.meeting}/remarks`,
      table.token,
      remarkOf(table, `Remark ${number}. `.repeat(1 + (number % 30))),
      { 'idempotency-key': `remark-${number}` },
    );
    this.acknowledged.set(number, events[0]!.id);
    this.unanswered[writer] = undefined;
  }
}

/** Kills servers of one history under load, one after the other; answers what clients know and what is stored. */
export async function killRepeatedly(
  directories: Directories,
  rounds: number,
): Promise<{ wrong: string[]; acknowledged: string[]; stored: string[] }> {
  const clients = new Clients();
  let table: Table | undefined;
  for (let round = 0; round < rounds; round++) {
    const server = await Server.start(directories);
    table ??= await openTable(server);
    await clients.writeUntilKilled(server, table, 20 + Math.floor(Math.random() * 200));
    await server.ended;
  }
  const last = await Server.start(directories);
  await clients.settle(last, table!);
  const projected = (await last.get('/health')).body;
  await last.stop();
  const { wrong, events } = await readHistory(directories);
  if (projected.status !== 'ready') wrong.push(`health is ${JSON.stringify(projected)}`);
  return {
    wrong,
    acknowledged: [...clients.acknowledged.values()].sort(),
    stored: events
      .filter(({ type }) => type === 'remark-made')
      .map(({ id }) => id)
      .sort(),
  };
}

/** Whether this process may mount file systems: tests of full and read-only disks need it. */
export function mayMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

/** A disk of its own, so small that it can be filled. */
export function mountSmallDisk(directory: string, megabytes: number): void {
  mkdirSync(directory, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory]);
}

/** Nothing can be made there. */
export function mountDiskWithoutNames(directory: string): void {
  mkdirSync(directory, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'nr_inodes=1', 'tmpfs', directory]);
}

/** Nobody writes there any more. */
export function mountReadOnly(directory: string): void {
  execFileSync('mount', ['--bind', directory, directory]);
  execFileSync('mount', ['-o', 'remount,bind,ro', directory]);
}

export const unmount = (directory: string): void => void execFileSync('umount', ['--lazy', directory]);
