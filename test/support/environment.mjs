// Node, and at the end of each spec no process of it is left.
import { TestEnvironment } from 'jest-environment-node';

export default class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.startedBySpec = new Set();
  }

  async teardown() {
    const left = [...this.global.startedBySpec];
    await Promise.all(left.map((child) => new Promise((resolve) => child.once('close', resolve).kill('SIGKILL'))));
    await super.teardown();
  }
}
