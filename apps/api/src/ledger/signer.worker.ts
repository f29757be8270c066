// The signer's thread: hashing a long history must not keep requests waiting. What it publishes, the main thread writes.
import { createPrivateKey } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { isDamage } from '#event-store';
import { LogKey, Signer, SignerRefused, type Bookkeeping, type LogSource } from '#ledger/writer';
import { giveWay } from '../give-way.js';
import { openToRead } from '../node-store.js';
import { logSourceOf } from './log-source.js';
import type { FromSigner, SignerWorkerData, ToSigner } from './signer-protocol.js';
import { SigningTurns } from './signing-turns.js';

const { location, signerDirectory, origin, writerKey, signing: first } = workerData as SignerWorkerData;
const port = parentPort!;
type OpenStore = Awaited<ReturnType<typeof openToRead>>;
const post = (message: FromSigner): void => port.postMessage(message);

/** A database may take back what it has shown: what it holds still so much later, it keeps. */
const SETTLE_MS = location.url === undefined ? 0 : 10_000;

giveWay();
const written = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
let calls = 0;

const bookkeepingOf = (store: OpenStore): Bookkeeping => ({
  read: (key) => store.bookkeeping.read(key),
  write: (key, value) =>
    new Promise((resolve, reject) => {
      calls += 1;
      written.set(calls, { resolve, reject });
      post({ kind: 'write', call: calls, key, value });
    }),
});

/** A long log takes a minute to compare: who is told to end waits for one batch of it. */
const ending = new AbortController();

/** What is signed from. Opened by the first tick that can: a store that is out of reach when the thread starts is tried again. */
let log: { store: OpenStore; source: LogSource; bookkeeping: Bookkeeping } | undefined;
async function openLog(): Promise<NonNullable<typeof log>> {
  if (log) return log;
  const store = await openToRead(location);
  return (log = { store, source: logSourceOf(store, Buffer.from(writerKey, 'hex'), ending.signal), bookkeeping: bookkeepingOf(store) });
}

let as = first;
let signing: Promise<Signer> | undefined;
/** Kept also where it could not sign: opened anew it would read the whole log again. */
const open = (): Promise<Signer> => (signing ??= openSigner().catch(openedLater));
/** One that refuses goes on refusing. */
function openedLater(error: unknown): never {
  if (!(error instanceof SignerRefused)) signing = undefined;
  throw error;
}
async function openSigner(): Promise<Signer> {
  const { source, bookkeeping } = await openLog();
  return Signer.open({
    source,
    key: new LogKey(origin, createPrivateKey(as.key)),
    formerKeys: as.formerKeys,
    directory: signerDirectory,
    bookkeeping,
    now: () => Date.now(),
    elapsed: () => performance.now(),
    settleMs: SETTLE_MS,
  });
}

async function tick(number: number): Promise<void> {
  try {
    const signer = await open();
    const signed = await signer.tick();
    const last = signed ?? signer.last;
    post({ kind: 'ticked', tick: number, ...(last && { size: last.size, timeSeconds: last.timeSeconds }) });
  } catch (error) {
    if (ending.signal.aborted) return;
    if (error instanceof SignerRefused) post({ kind: 'refused', tick: number, reason: error.reason, message: error.message });
    else post({ kind: 'failed', tick: number, message: (error as Error).message, isDamage: isDamage(error) });
  }
}

const turns = new SigningTurns(tick);
port.on('message', (message: ToSigner) => {
  if (message.kind === 'tick') turns.ask(message.tick);
  else if (message.kind === 'sign-as') {
    turns.change(() => {
      as = message.signing;
      signing = undefined;
    });
  } else if (message.kind === 'written') {
    const waiting = written.get(message.call);
    written.delete(message.call);
    if (message.error === undefined) waiting?.resolve();
    else waiting?.reject(new Error(message.error));
  } else {
    ending.abort();
    void turns
      .end()
      .then(() => log?.store.close())
      .finally(() => port.close());
  }
});
