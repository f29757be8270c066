// Whether a node can serve, and what is wrong where it cannot: without details of the record.
import type { PlenaryNode } from './plenary-node.js';

export interface Health {
  status: 'ready' | 'degraded';
  store: string;
  projection: string;
  signer: string;
  clock: string;
  removals: string;
  accessLog: string;
  projected: number;
  lag: number;
}

export function healthOf(node: PlenaryNode): Health {
  const { trouble, projector, clock, signer, checkpoints, removals, accessLog, diverged } = node;
  const alarm = projector.alarm();
  const clockSure = clock.read() !== undefined;
  return {
    status: !trouble && !alarm && clockSure && !diverged ? 'ready' : 'degraded',
    store: trouble ? `${trouble.reason}: ${trouble.message}` : 'ok',
    projection: alarm ?? 'ok',
    signer:
      diverged ??
      (signer
        ? (signer.trouble ?? checkpoints.trouble ?? 'ok')
        : `elsewhere: this node has no signing key${checkpoints.trouble === undefined ? '' : `; ${checkpoints.trouble}`}`),
    clock: clockSure ? 'ok' : 'unsure: no command is taken until an operator accepts it',
    removals: removals.pending === undefined ? 'ok' : `not carried out to the end: ${removals.pending}`,
    accessLog: accessLog.trouble ?? 'ok',
    projected: projector.progress.record,
    lag: node.lag,
  };
}
