// Listens where the configuration says; where nobody can, the variable is named that says so.
import { ConfigurationError } from './configuration.js';

/** The variables that name the place. */
interface Named {
  host: string;
  port: string;
}

/** @throws ConfigurationError where the place is taken, not to be had, or none */
export async function listenAt<Result>(listen: () => Promise<Result>, at: { host: string; port: number }, named: Named): Promise<Result> {
  try {
    return await listen();
  } catch (error) {
    const why = whyNot((error as NodeJS.ErrnoException).code, at, named);
    throw why === undefined ? error : new ConfigurationError(why, { cause: error });
  }
}

function whyNot(code: string | undefined, { host, port }: { host: string; port: number }, named: Named): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `${named.port} is ${port}: ${host}:${port} is in use by another program (${code})`;
    case 'EACCES':
      return `${named.port} is ${port}: this user may not listen there (${code})`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `${named.host} is ${JSON.stringify(host)}: no address of this machine has that name (${code})`;
    default:
      return undefined;
  }
}
