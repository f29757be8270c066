// Somebody answers for a stream of which events were lost: the record says so, and its commands are taken again.
import { reopenStream, SYSTEM_SUBJECT, type ReopenStream } from '#event-store';
import { faultOfTexts, LOG_STREAM, randomId } from '#kernel';
import type { Configuration } from '../../configuration.js';
import { startNode, type NodeOptions } from '../../start-node.js';
import { RecoveryRefused } from './recovery-refused.js';

/** @returns whether it was recorded now; false where it had been before. @throws RecoveryRefused, and what a start throws */
export async function reopen(configuration: Configuration, input: ReopenStream, options: NodeOptions = {}): Promise<boolean> {
  const fault = faultOfTexts(input.reason, 'the reason') ?? faultOfTexts(input.authority, 'the authority');
  if (fault) throw new RecoveryRefused(`${fault}. Nothing was changed`);
  const node = await startNode(configuration, options);
  try {
    if (node.diverged !== undefined) throw new RecoveryRefused(node.diverged);
    const commandId = randomId();
    const outcome = await node.runner.submit(reopenStream, {
      stream: LOG_STREAM,
      input,
      commons: {},
      commandId,
      correlation: commandId,
      actor: { subject: SYSTEM_SUBJECT, role: 'system' },
      bodies: 'all',
    });
    if (outcome.kind === 'refused') throw new RecoveryRefused(outcome.refusal.detail);
    return outcome.kind === 'recorded';
  } finally {
    await node.stop();
  }
}
