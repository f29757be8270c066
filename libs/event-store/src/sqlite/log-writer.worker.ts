// The thread that writes: takes all writes that wait into one transaction, commits, and only then answers.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { GroupCommitter } from './group-committer.js';
import type { Write, WriterOptions } from './log-writer.js';
import type { FromWriter, ToWriter } from './writer-protocol.js';

const port = parentPort!;
const committer = new GroupCommitter(workerData as WriterOptions);
const answer = (message: FromWriter): void => port.postMessage(message);

function takeWaiting(first: ToWriter): { writes: Write[]; scrubs: number; closing: boolean } {
  const writes: Write[] = [];
  let scrubs = 0;
  let closing = false;
  for (let message: ToWriter | undefined = first; message; message = receiveMessageOnPort(port)?.message as ToWriter | undefined) {
    if (message.kind === 'writes') writes.push(...message.writes);
    else if (message.kind === 'scrub') scrubs += 1;
    else closing = true;
  }
  return { writes, scrubs, closing };
}

port.on('message', (message: ToWriter) => {
  const { writes, scrubs, closing } = takeWaiting(message);
  for (const answered of committer.run(writes)) answer(answered);
  // The first does the work of all: whoever asked for another one waits for no more than that.
  for (let scrubbed = 0; scrubbed < scrubs; scrubbed++) answer(committer.scrub());
  if (!closing) return;
  committer.close();
  // Nothing keeps the thread any more: it ends by itself, never in the middle of a query.
  port.close();
});

try {
  answer({ kind: 'opened', storeId: committer.open() });
} catch (error) {
  answer({ kind: 'not-opened', message: (error as Error).message });
  port.close();
}
