// A process that serves as `plenary serve` does, with the no-op POST beside. Ends with its parent's channel.
import { readConfiguration, serve } from '#api';
import { NoOpModule } from './no-op.module.js';

const serving = await serve(readConfiguration(process.env), { modules: [NoOpModule], workerExecArgv: [] });
process.send!({ address: serving.address, adminTokenFile: serving.adminTokenFile });
process.once('disconnect', () => void serving.stop());
