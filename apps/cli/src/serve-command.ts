// `plenary serve`: the API until a signal ends it.
import { readConfiguration, serve } from '#api';

export async function serveCommand(env: NodeJS.ProcessEnv): Promise<void> {
  const serving = await serve(readConfiguration(env));
  console.log(`Plenary listens on ${serving.address}`);
  console.log(`API documentation: ${serving.address}/api/docs`);
  if (serving.isNew) {
    console.log(`A new history was opened. The token of its first admin lies in ${serving.adminTokenFile}.`);
    console.log('Make tokens for others with: plenary token create --role secretariat --name "…"');
  }
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  await serving.stop();
}
