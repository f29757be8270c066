// Ends what was begun, one after the other: a step that fails keeps none of those behind it from being taken.

/** @throws what the first step that failed threw, once all were taken */
export async function stopAll(steps: readonly (() => Promise<void> | void | undefined)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
