// Promises that wait for the projector: looked at whenever it has got further, given up when their time is over.
interface Waiter {
  isMet: () => boolean;
  answer: (met: boolean) => void;
  timer: NodeJS.Timeout;
}

export class Waiters {
  private readonly waiting = new Set<Waiter>();

  /** True as soon as the condition is met, false when the time is over. */
  wait(isMet: () => boolean, timeoutMs: number): Promise<boolean> {
    if (isMet()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const answer = (met: boolean): void => {
        clearTimeout(waiter.timer);
        this.waiting.delete(waiter);
        resolve(met);
      };
      const waiter: Waiter = { isMet, answer, timer: setTimeout(() => answer(false), timeoutMs) };
      this.waiting.add(waiter);
    });
  }

  get areWaiting(): boolean {
    return this.waiting.size > 0;
  }

  look(): void {
    for (const waiter of this.waiting) if (waiter.isMet()) waiter.answer(true);
  }

  giveUp(): void {
    for (const waiter of this.waiting) waiter.answer(false);
  }
}
