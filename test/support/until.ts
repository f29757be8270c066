// Waits for what another process does by itself, asking again and again; the test's own limit ends it.
import { setImmediate } from 'node:timers/promises';

export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await setImmediate();
}
