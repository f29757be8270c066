// Starts the API on a node: everything between a socket and the controllers.
import { randomUUID } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { httpRefusals, ProblemFilter, sendProblem } from '#http';
import { Authenticator } from '#identity';
import { AppModule } from './app.module.js';
import { ensureAdminToken } from './admin-token.js';
import { answerHeads } from './answer-heads.js';
import { answerUnread } from './answer-unread.js';
import { AuthenticationGuard } from './authentication.guard.js';
import type { Configuration } from './configuration.js';
import { Connections } from './connections.js';
import { HeldUpStart } from './held-up-start.js';
import { listenAt } from './listen.js';
import { serveDocs } from './openapi.js';
import type { PlenaryNode } from './plenary-node.js';
import { noteAccess } from './note-access.js';
import { stopAll } from './stop-all.js';
import { openLogger } from './observation/logger.js';
import { Observation } from './observation/observation.js';
import { MAX_BODY_BYTES, readJsonBodies, validation } from './request-bodies.js';
import { startNode, type NodeOptions } from './start-node.js';
import { VERSION } from './version.js';

export interface Serving {
  node: PlenaryNode;
  /** `http://127.0.0.1:3000` */
  address: string;
  /** Where the token of the first admin lies. */
  adminTokenFile: string;
  /** Where the metrics are open without a token, if they are. */
  metricsAddress: string | undefined;
  /** Whether this start opened the history. */
  isNew: boolean;
  /** Whether this node has the signing key; the others serve what the one that has it publishes. */
  hasSigningKey: boolean;
  /** Finishes what is in flight, then closes the store. */
  stop(): Promise<void>;
}

export interface ServeOptions extends NodeOptions {
  /** Nest modules that are served beside the product's own: benchmarks compare commands with one that stores nothing. */
  modules?: readonly Type[];
}

/** @throws StoreNotOpened, KeysUnusable, ConfigurationError, the reason of `ending` */
export async function serve(configuration: Configuration, options: ServeOptions = {}): Promise<Serving> {
  const log = openLogger(configuration.logLevel);
  const { logger } = log;
  const observation = await Observation.open(configuration, logger);
  let node: PlenaryNode | undefined;
  let closeApp: (() => Promise<void>) | undefined;
  const end = (): Promise<void> => stopAll([() => closeApp?.(), () => node?.stop(), () => observation.stop(), () => log.flush()]);
  try {
    node = await startObserved(configuration, options, observation, logger);
    const adminTokenFile = await ensureAdminToken(node, configuration.keys);
    await observation.watch(node, configuration);
    const app = await createApp(node, configuration, logger, observation, options.modules);
    const connections = new Connections(app.getHttpServer());
    closeApp = () => close(app, connections);
    await listenAt(() => app.listen(configuration.port, configuration.host), configuration, { host: 'PLENARY_HOST', port: 'PORT' });
    const address = addressOf(app, configuration.host);
    announce(node, address, logger);
    return {
      node,
      address,
      adminTokenFile,
      metricsAddress: observation.metricsAddress,
      isNew: node.installation.isNew,
      hasSigningKey: node.installation.keys.signing !== undefined,
      stop: end,
    };
  } catch (error) {
    // What failed is why it does not serve, whatever its parts meet when they end.
    await end().catch(() => undefined);
    throw error;
  }
}

/** While the start is held up, health says why where the API will listen. */
function startObserved(configuration: Configuration, options: NodeOptions, observation: Observation, logger: Logger): Promise<PlenaryNode> {
  const heldUp = new HeldUpStart(configuration);
  let hasStarted = false;
  return startNode(configuration, {
    ...options,
    onAnswered: observation.commandAnswered,
    onAppended: observation.appended,
    onAlarm: (alarm) => {
      logger.error(alarm, 'the projection has stopped, or is held up');
      if (!hasStarted) heldUp.because(alarm.message);
      options.onAlarm?.(alarm);
    },
    onRefused: (manager, trigger, refusal) =>
      logger.error({ manager, trigger, refusal: refusal.code, detail: refusal.detail }, 'a process manager was refused'),
    onError: (error) => logger.error({ error }, 'a process manager tries again'),
    onSignerAlarm: (message) => logger.error({ message }, 'the signer'),
    onSnapshot: (taken) =>
      'refused' in taken
        ? logger.error(taken, 'the snapshot was refused: the read models are made from the log')
        : logger.info(taken, 'the read models were taken from a snapshot'),
    onEndangered: (message) => logger.error({ message }, 'the record is endangered in the database'),
  }).finally(() => {
    hasStarted = true;
    return heldUp.end();
  });
}

/** Verbs of the command line find the server by it. Where it cannot be written, as on a full disk, the server answers all the same. */
function announce(node: PlenaryNode, address: string, logger: Logger): void {
  try {
    node.announce(address);
  } catch (error) {
    logger.error({ error }, 'where this server listens could not be written down: verbs of the command line do not find it');
  }
}

async function createApp(
  node: PlenaryNode,
  configuration: Configuration,
  logger: Logger,
  observation: Observation,
  modules: readonly Type[] = [],
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: refuseAddress,
    clientErrorHandler: answerUnread,
    trustProxy: [...configuration.trustedProxies],
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.over(node, configuration, observation.metrics, modules), adapter, {
    logger: {
      log: () => undefined,
      warn: (message: unknown) => logger.warn({ message }, 'the framework'),
      error: (message: unknown) => logger.error({ message }, 'the framework'),
    },
    bodyParser: false,
    abortOnError: false,
  });
  observation.observeRequests(adapter.getInstance());
  noteAccess(adapter.getInstance(), node.accessLog);
  answerHeads(adapter.getInstance());
  readJsonBodies(adapter.getInstance());
  app.setGlobalPrefix('api/v1');
  const authenticator = new Authenticator(node.runner, node.store);
  node.removals.onDestroyed(() => authenticator.forgetNames());
  app.useGlobalGuards(
    new AuthenticationGuard(authenticator, {
      publicRead: configuration.publicRead,
      rateLimit: configuration.rateLimit,
      missing: node.missing,
    }),
  );
  app.useGlobalPipes(validation());
  app.useGlobalFilters(new ProblemFilter((error, correlation) => logger.error({ error, correlation }, 'a request failed')));
  serveDocs(app, VERSION);
  return app;
}

/** An address that the router cannot even look up. */
function refuseAddress(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(
    reply,
    httpRefusals['no-such-address'](`${request.method} ${request.url.split('?')[0]!.slice(0, 200)} is not an address of this API.`),
    request.id,
  );
}

function addressOf(app: NestFastifyApplication, host: string): string {
  const { port } = app.getHttpServer().address() as { port: number };
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Connections on which nothing is asked are ended; the others, when they have their answer. */
async function close(app: NestFastifyApplication, connections: Connections): Promise<void> {
  const sweeping = setInterval(() => connections.sweep(), 50);
  try {
    await app.close();
  } finally {
    clearInterval(sweeping);
  }
}
