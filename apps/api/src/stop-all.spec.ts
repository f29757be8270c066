import { expect, it } from '@jest/globals';
import { stopAll } from './stop-all.js';

it('takes every step in turn, and then throws what the first one threw that failed', async () => {
  const taken: string[] = [];
  const step =
    (name: string, fails = false) =>
    async (): Promise<void> => {
      await Promise.resolve();
      taken.push(name);
      if (fails) throw new Error(`${name} failed`);
    };
  await expect(stopAll([step('managers'), step('signer', true), () => void taken.push('watch'), step('store', true)])).rejects.toThrow(
    'signer failed',
  );
  expect(taken).toEqual(['managers', 'signer', 'watch', 'store']);
});
