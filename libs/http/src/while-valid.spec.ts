import { expect, it } from '@jest/globals';
import { whileValid } from './while-valid.js';

async function collected(isStillValid: (() => Promise<boolean>) | undefined, otherwise?: string) {
  let made = 0;
  async function* parts() {
    for (const part of ['one', 'two', 'three']) {
      made += 1;
      yield await Promise.resolve(part);
    }
  }
  const all: string[] = [];
  for await (const part of whileValid(parts(), isStillValid ? { isStillValid } : {}, otherwise)) all.push(part);
  return { all, made };
}

const validFor = (times: number) => () => Promise.resolve(times-- > 0);

it('hands on every part while the token is valid, and where none was needed', async () => {
  expect((await collected(validFor(3))).all).toEqual(['one', 'two', 'three']);
  expect((await collected(undefined)).all).toEqual(['one', 'two', 'three']);
});

it('ends with the token, before the next part, and asks for no more', async () => {
  expect(await collected(validFor(1))).toEqual({ all: ['one'], made: 2 });
  expect((await collected(validFor(0))).all).toEqual([]);
  expect((await collected(validFor(2), 'no longer')).all).toEqual(['one', 'two', 'no longer']);
});
