// Wakes those who wait for more of the log: a wake between "there is nothing more" and the wait is never lost.

export class LogWakes {
  private wakes = 0;
  private readonly waiting = new Set<() => void>();

  /** Taken before looking whether there is more. */
  get ticket(): number {
    return this.wakes;
  }

  wake(): void {
    this.wakes += 1;
    for (const resume of [...this.waiting]) resume();
  }

  /** Resolves at the first wake after the ticket, or when the signal aborts. */
  async since(ticket: number, signal: AbortSignal): Promise<void> {
    if (this.wakes !== ticket || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const resume = (): void => {
        signal.removeEventListener('abort', resume);
        this.waiting.delete(resume);
        resolve();
      };
      signal.addEventListener('abort', resume);
      this.waiting.add(resume);
    });
  }
}
