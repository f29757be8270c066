export { BodiesModule } from './bodies.module.js';
