// The measurement runs, on a small bundle: both loops come to the signed root. Nothing is timed here.
import { expect, it } from '@jest/globals';
import { measureVerify } from './verify-rate.js';

it('the rate of verifying is measured on a bundle that verifies', async () => {
  const rate = await measureVerify(1000, 1);
  expect(rate).toMatchObject({ events: 1000 });
  expect(rate.ratio).toBeGreaterThan(0);
});
