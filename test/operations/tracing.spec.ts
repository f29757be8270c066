// Traces as a collector gets them: one from the request over its command and the append to the projection of what was recorded.
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Server, temporaryDirectory, text } from '../support/server.js';
import { until } from '../support/until.js';
import { tokenSecret } from '../support/world.js';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: object }[];
}

interface Export {
  resourceSpans: { resource: { attributes: Span['attributes'] }; scopeSpans: { spans: Span[] }[] }[];
}

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const TYPED = 'A name that no collector may learn';
const directory = temporaryDirectory();
const exported: string[] = [];
let collector: HttpServer;
let server: Server;
let secretariat: string;

beforeAll(async () => {
  collector = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      if (request.url === '/v1/traces') exported.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  server = await Server.start({
    data: join(directory, 'data'),
    keys: join(directory, 'keys'),
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
  });
  secretariat = await server.token('secretariat');
});
afterAll(async () => {
  await server.stop();
  collector.close();
  rmSync(directory, { recursive: true });
});

const exports = (): Export[] => exported.map((body) => JSON.parse(body) as Export);
const spans = (): Span[] =>
  exports().flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans: found }) => found)));
const traced = (): Span[] => spans().filter(({ traceId }) => traceId === TRACE);
const named = (name: string): Span | undefined => traced().find((span) => span.name === name);
const attribute = (span: Span, key: string): unknown => Object.values(span.attributes.find((each) => each.key === key)?.value ?? {})[0];

describe('a command', () => {
  it('is one trace, under the trace of who sent it, from the request to the projection', async () => {
    const answer = await server.api('POST', '/persons', {
      token: secretariat,
      body: { name: text(TYPED) },
      headers: { traceparent: `00-${TRACE}-${PARENT}-01` },
    });
    expect(answer.status).toBe(201);
    await until(() => Promise.resolve(['POST', 'command register-person', 'append', 'projection'].every((name) => named(name))));
    const [request, command, append, projection] = ['POST', 'command register-person', 'append', 'projection'].map((name) => named(name)!);
    expect(request!.parentSpanId).toBe(PARENT);
    expect([command!.parentSpanId, append!.parentSpanId, projection!.parentSpanId]).toEqual([
      request!.spanId,
      command!.spanId,
      request!.spanId,
    ]);
    expect([
      attribute(request!, 'http.route'),
      attribute(request!, 'http.response.status_code'),
      attribute(request!, 'plenary.role'),
    ]).toEqual(['/api/v1/persons', expect.anything(), 'secretariat']);
    expect([attribute(command!, 'plenary.outcome'), Number(attribute(command!, 'plenary.events'))]).toEqual(['recorded', 1]);
    expect(attribute(command!, 'plenary.correlation')).toBe(attribute(request!, 'plenary.correlation'));
    // The register follows what is durable.
    expect(BigInt(projection!.startTimeUnixNano)).toBe(BigInt(append!.endTimeUnixNano));
    expect(BigInt(projection!.endTimeUnixNano)).toBeGreaterThan(BigInt(append!.startTimeUnixNano));
  });

  it('that is refused says by which rule', async () => {
    await server.api('POST', '/bodies', { token: secretariat, body: { kind: 'council', name: text(TYPED) } });
    const refused = (): Span | undefined => spans().find((span) => attribute(span, 'plenary.refusal') === 'not-your-role');
    await until(() => Promise.resolve(refused() !== undefined));
    expect(refused()!.name).toBe('command establish-body');
  });
});

describe('what is exported', () => {
  it('names the service, and holds nothing that was typed, and no token', () => {
    expect(exports()[0]!.resourceSpans[0]!.resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'plenary' } });
    const everything = exported.join('');
    for (const secret of [TYPED, tokenSecret(server.admin), tokenSecret(secretariat)]) expect(everything).not.toContain(secret);
  });
});
