// `plenary serve`: the API until a signal ends it.
import { exactly, verb } from './command-line.js';
import { untilSignal } from './signals.js';

export const serveCommand = verb({
  name: 'serve',
  usage: '',
  says: 'Serves the record in PLENARY_DATA over HTTP until it is stopped.',
  details: [
    'PLENARY_DATA (./data), PLENARY_KEYS and PLENARY_SIGNER_DIR (beside the data), PLENARY_HOST (127.0.0.1), PORT (3000),',
    'EVENTSTORE_URL (the log lies in the data directory where it is not set), PLENARY_ORIGIN, PLENARY_PUBLIC_READ (false), PLENARY_RATE_LIMIT (500 requests a second and subject), PLENARY_TRUSTED_PROXIES, PLENARY_LOG (info), EVENTSTORE_URL_FILE,',
    'PLENARY_SNAPSHOT: read models of another node, for a first start; PLENARY_SNAPSHOT_REQUIRED ends it where they are refused (false).',
    'PLENARY_METRICS_PORT, PLENARY_METRICS_HOST (127.0.0.1), OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME (plenary). docs/operating.md explains each.',
  ],
  options: {},
  async run({ positionals, env, terminal }) {
    exactly(positionals);
    const { readConfiguration, serve } = await import('#api');
    // Heard before the start, which may be held up for long: the first process of a container is ended by no signal that it does not hear.
    const ending = new AbortController();
    const signal = untilSignal().then(() => ending.abort());
    const serving = await serve(readConfiguration(env), { ending: ending.signal }).catch((error: unknown) => {
      if (error === ending.signal.reason) return undefined;
      throw error;
    });
    if (!serving) return 0;
    terminal.print(`Plenary listens on ${serving.address}`);
    terminal.print(`API documentation: ${serving.address}/api/docs`);
    if (serving.metricsAddress !== undefined) terminal.print(`Metrics: ${serving.metricsAddress}`);
    if (!serving.hasSigningKey)
      terminal.print(
        'There is no signing.key in PLENARY_KEYS: this node signs no checkpoints. Another one must, or records stand unsigned.',
      );
    if (serving.node.readingOnly !== undefined) terminal.tell(`For reading only: ${serving.node.readingOnly}.`);
    if (serving.isNew) {
      terminal.print(`A new history was opened. The token of its first admin lies in ${serving.adminTokenFile}.`);
      // Whoever started it through npm has the name there; elsewhere, as in the image, it stands on the path.
      const plenary = env['npm_command'] === undefined ? 'plenary' : 'npx plenary';
      terminal.print(`Make tokens for others with: ${plenary} token create --role secretariat --name "…"`);
    }
    await signal;
    await serving.stop();
    return 0;
  },
});
