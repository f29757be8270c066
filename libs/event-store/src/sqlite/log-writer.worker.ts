// The thread that writes: takes all writes that wait into one transaction, commits, and only then answers.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { GroupCommitter } from './group-committer.js';
import type { Write, WriterOptions } from './log-writer.js';
import type { FromWriter, ToWriter } from './writer-protocol.js';

const port = parentPort!;
const committer = new GroupCommitter(workerData as WriterOptions);
const answer = (message: FromWriter): void => port.postMessage(message);

function takeWaiting(first: ToWriter): { writes: Write[]; closing: boolean } {
  const writes: Write[] = [];
  let closing = false;
  for (let message: ToWriter | undefined = first; message; message = receiveMessageOnPort(port)?.message as ToWriter | undefined) {
    if (message.kind === 'writes') writes.push(...message.writes);
    else closing = true;
  }
  return { writes, closing };
}

port.on('message', (message: ToWriter) => {
  const { writes, closing } = takeWaiting(message);
  for (const answered of committer.run(writes)) answer(answered);
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
