// The log of the process: a JSON object a line on standard output, never what people typed, never a token.
import { destination, pino, stdSerializers, type Logger } from 'pino';

export interface ProcessLog {
  logger: Logger;
  /** Writes what is left. */
  flush(): void;
}

/** Nobody waits for a line to be written: a terminal or a pipe that stalls must not stall commands. */
export function openLogger(level: string): ProcessLog {
  const output = destination({ dest: 1, sync: false });
  // Whoever reads the lines has gone: the record goes on.
  output.on('error', () => undefined);
  const error = (value: unknown): unknown =>
    value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value;
  return {
    logger: pino({ level, timestamp: stdTime, serializers: { ...stdSerializers, error } }, output),
    flush: () => {
      try {
        output.flushSync();
      } catch {
        // It was never opened, or is closed.
      }
    },
  };
}

const stdTime = (): string => `,"time":"${new Date().toISOString()}"`;
