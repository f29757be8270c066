// Processes that a spec started. What it left running, because it failed before it could end it, would keep the whole run waiting:
// the environment of the tests ends it after the spec's last hook.
import type { ChildProcess } from 'node:child_process';

const shared = globalThis as { startedBySpec?: Set<ChildProcess> };

export function startedHere<Child extends ChildProcess>(child: Child): Child {
  shared.startedBySpec?.add(child);
  child.once('close', () => shared.startedBySpec?.delete(child));
  return child;
}
