// A history whose log lost its end: recorded through the API, signed, exported, and then put back to an older copy.
import { cpSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { LOG_FILE, SqliteEventStore, type LoggedEvent } from '#event-store';
import { openDatabase } from '#sqlite';
import type { Configuration } from '../../../apps/api/src/configuration.js';
import { openLiveHistory } from '../../../apps/api/src/ledger/live-history.js';
import { recover, type Recovered } from '../../../apps/api/src/ledger/recovery/recover.js';
import { sourceAt } from '../../../apps/api/src/ledger/recovery/sources.js';
import { serve, type Serving } from '../../../apps/api/src/serve.js';
import { logOf } from '../../../libs/event-store/src/testing/collect.js';
import { tsWorkerExecArgv } from '../../support/ts-worker.js';

export const words = (text: string): { lang: string; text: string }[] => [{ lang: 'en', text }];

/** A directory with data, keys and what the signer remembers. */
export class Place {
  constructor(readonly directory: string) {}

  static make(): Place {
    return new Place(mkdtempSync(join(tmpdir(), 'plenary-recovery-')));
  }

  get data(): string {
    return join(this.directory, 'data');
  }

  get keys(): string {
    return join(this.directory, 'keys');
  }

  get signer(): string {
    return join(this.directory, 'signer');
  }

  get configuration(): Configuration {
    return {
      data: this.data,
      keys: this.keys,
      signer: this.signer,
      host: '127.0.0.1',
      port: 0,
      newOrigin: 'records.example.org/lost',
      publicRead: false,
      rateLimit: 0,
      trustedProxies: [],
      logLevel: 'silent',
    };
  }

  serve(configuration: Partial<Configuration> = {}): Promise<Serving> {
    return serve({ ...this.configuration, ...configuration }, { workerExecArgv: tsWorkerExecArgv });
  }

  copy(): Place {
    const copy = Place.make();
    cpSync(this.directory, copy.directory, { recursive: true });
    return copy;
  }

  async events(): Promise<LoggedEvent[]> {
    const store = await SqliteEventStore.open({ directory: this.data, mode: 'reader' });
    try {
      return await logOf(store);
    } finally {
      await store.close();
    }
  }

  /** Writes a complete bundle of all that is signed. */
  /** With nothing declared lost. */
  recoverFrom(...paths: string[]): Promise<Recovered> {
    const { data, keys, signer } = this;
    return recover({ data, keys, signer, sources: paths.map((path) => sourceAt(path)), nowMs: Date.now() });
  }

  async export(file: string): Promise<void> {
    const history = await openLiveHistory({ directory: this.data }, this.signer);
    let lines = '';
    for await (const line of history.lines) lines += `${line}\n`;
    await history.close();
    writeFileSync(file, lines);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export interface Answered {
  status: number;
  text: string;
  body: Record<string, never> & {
    id: string;
    token: string;
    items: Record<string, unknown>[];
    records: Record<string, unknown>[];
    type: string;
    detail: string;
    repeated?: boolean;
    stream: string;
  };
}

export async function call(
  { address }: Pick<Serving, 'address'>,
  token: string,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const response = await fetch(`${address}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Answered['body'] };
}

export interface Told {
  /** As it was last. */
  whole: Place;
  /** The log when it held the first `before` records. */
  older: string;
  before: number;
  /** The log, and what the signer remembered, when the earlier bundle was made: before a text was removed. */
  beforeRemoval: string;
  earlierSigner: string;
  /** The record that holds that text. */
  removedFrom: number;
  /** All that is signed, and all that was signed some records before. */
  bundle: string;
  earlierBundle: string;
  size: number;
  earlierSize: number;
  ids: { meeting: string; later: string; body: string; person: string };
  tokens: { admin: string; secretariat: string; auditor: string; later: string; revoked: string };
  lists: Record<string, unknown>;
  checkpoint: string;
}

/** Of a token. */
const idOf = (token: string): string => token.split('_')[1]!.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

const LISTS = (ids: Told['ids']) => ['/meetings', `/meetings/${ids.meeting}/remarks`, '/persons', `/meetings/${ids.meeting}`];
export const REMOVED = 'Something that a court took away';
export const KEY = { 'idempotency-key': 'a-remark-that-is-sent-twice' };

/** Tells the history, and stops its server. Remove `whole`. */
export async function tell(): Promise<Told> {
  const whole = Place.make();
  const older = join(whole.directory, 'older.db');
  const [bundle, earlierBundle] = [join(whole.directory, 'bundle.ndjson'), join(whole.directory, 'earlier.ndjson')];
  let serving = await whole.serve();
  const admin = readFileSync(join(whole.keys, 'admin.token'), 'utf8').trim();
  const made = async (token: string, path: string, body: object, headers = {}): Promise<Answered['body']> => {
    const { status, body: answer } = await call(serving, token, 'POST', path, body, headers);
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  };
  const tokenOf = async (role: string): Promise<string> => (await made(admin, '/tokens', { role, name: words(role) })).token;
  const [secretariat, auditor, revoked] = [await tokenOf('secretariat'), await tokenOf('auditor'), await tokenOf('auditor')];
  const body = (await made(admin, '/bodies', { kind: 'conference', name: words('Conference'), audience: { kind: 'public' } })).id;
  const person = (await made(secretariat, '/persons', { name: words('Speaker') })).id;
  const scheduled = (title: string) =>
    made(secretariat, '/meetings', { bodies: [body], title: words(title), starts: '2024-04-29', zone: 'UTC', format: 'remote' });
  const meeting = (await scheduled('Meeting')).id;
  await made(secretariat, `/meetings/${meeting}/opening`, { occurredAt: '2024-04-29' });
  const remark = (text: string, headers = {}) =>
    made(secretariat, `/meetings/${meeting}/remarks`, { speaker: { person }, text: words(text) }, headers);
  await remark('Kept');
  await serving.node.signer!.sign();
  await serving.stop();
  const before = (await whole.events()).length;
  copyFileSync(join(whole.data, 'log.db'), older);
  serving = await whole.serve();
  await remark(REMOVED);
  const record = serving.node.lastRecord();
  await remark('Recorded after the copy', KEY);
  const later = (await scheduled('Scheduled after the copy')).id;
  await serving.node.signer!.sign();
  await whole.export(earlierBundle);
  const [beforeRemoval, earlierSigner] = [join(whole.directory, 'before-removal.db'), join(whole.directory, 'earlier-signer')];
  copyLog(whole, beforeRemoval);
  cpSync(whole.signer, earlierSigner, { recursive: true });
  const earlierSize = serving.node.lastRecord();
  await made(secretariat, '/persons', { name: words('Nobody exported') });
  await made(admin, '/removals', {
    values: [{ record, pointer: '/data/text/0/text' }],
    reason: words('An order'),
    authority: words('The court'),
  });
  const laterToken = await tokenOf('secretariat');
  await made(admin, `/tokens/${idOf(revoked)}/revocation`, { reason: { code: 'other', text: words('Lost') } });
  await remark('The last one');
  await serving.node.signer!.sign();
  const ids = { meeting, later, body, person };
  // The auditor recorded nothing, and so waits for nothing.
  await serving.node.projector.waitFor(serving.node.lastRecord() as never, 60_000);
  const lists: Record<string, unknown> = {};
  // Who reads is not who recorded, and waits for nothing.
  await serving.node.projector.waitFor(serving.node.lastRecord() as never, 60_000);
  for (const path of LISTS(ids)) lists[path] = (await call(serving, auditor, 'GET', path)).body;
  const checkpoint = await (
    await fetch(`${serving.address}/api/v1/log/checkpoint`, { headers: { authorization: `Bearer ${auditor}` } })
  ).text();
  await serving.stop();
  await whole.export(bundle);
  return {
    whole,
    older,
    before,
    beforeRemoval,
    earlierSigner,
    removedFrom: record,
    bundle,
    earlierBundle,
    size: (await whole.events()).length,
    earlierSize,
    ids,
    tokens: { admin, secretariat, auditor, later: laterToken, revoked },
    lists,
    checkpoint,
  };
}

/** Of a server that runs. */
function copyLog({ data }: Place, to: string): void {
  const log = openDatabase(join(data, LOG_FILE), { mode: 'read-only' });
  log.prepare('VACUUM INTO ?').run(to);
  log.close();
}

/** The place as it is once an older copy was put in: the read models of before may lie there still. */
export function withOlderCopy({ whole, older: first }: Pick<Told, 'whole' | 'older'>, older = first): Place {
  const place = whole.copy();
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(place.data, `log.db${suffix}`), { force: true });
  mkdirSync(place.data, { recursive: true });
  copyFileSync(older, join(place.data, 'log.db'));
  return place;
}
